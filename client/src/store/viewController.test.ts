// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ViewController } from "./viewController";

const SIZE = { width: 900, height: 900 };
const create = (hash: string) => new ViewController(() => SIZE, 1440, 900, hash);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("without an address the whole canvas is shown, and follows the window", () => {
  const controller = create("");
  const before = controller.view.get().zoom;
  controller.resize(800, 600);
  expect(controller.view.get().zoom).toBeLessThan(before);
});

test("an address wins, and a resize keeps its zoom", () => {
  const controller = create("#100,200,16");
  controller.resize(800, 600);
  expect(controller.view.get()).toMatchObject({ x: 100.5, y: 200.5, zoom: 16, width: 800 });
});

test("the address follows, but not with every move", () => {
  const controller = create("#100,200,16");
  const replace = vi.spyOn(history, "replaceState");
  for (let step = 0; step < 20; step++) controller.pan(-16, 0);
  expect(replace).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(replace).toHaveBeenCalledTimes(1);
  expect(window.location.hash).toBe("#120,200,16");
});

test("an address typed in is followed, the own one is not", () => {
  const controller = create("#100,200,16");
  controller.openHash("#5,6,8");
  expect(controller.view.get()).toMatchObject({ x: 5.5, y: 6.5, zoom: 8 });
  controller.openHash("#nonsense");
  expect(controller.view.get()).toMatchObject({ x: 5.5, y: 6.5, zoom: 8 });
});
