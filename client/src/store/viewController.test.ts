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

test("the palette's side decides where the free part is", () => {
  let left = false;
  const controller = new ViewController(
    () => SIZE,
    1440,
    900,
    "",
    () => ({ paletteLeft: left, hint: false }),
  );
  const { x } = controller.view.get();
  left = true;
  controller.refit();
  expect(controller.view.get().x).toBeCloseTo(900 - x);
});

test("one key goes close to a place and back to everything", () => {
  const controller = create("");
  const all = controller.view.get();
  controller.toggleZoom({ x: 720, y: 450 });
  expect(controller.view.get().zoom).toBe(16);
  controller.toggleZoom();
  expect(controller.view.get()).toEqual(all);
  controller.showActualSize();
  expect(controller.view.get().zoom).toBe(1);
  controller.centerOn({ x: 10, y: 20 });
  expect(controller.view.get()).toMatchObject({ x: 10, y: 20, zoom: 1 });
});

test("a place on a canvas of another size is found when the size is known", () => {
  let size = SIZE;
  const wide = new ViewController(() => size, 1440, 900, "#1500,300,8");
  const whole = new ViewController(() => size, 1440, 900, "");
  size = { width: 2000, height: 600 };
  for (const controller of [wide, whole]) controller.sizeChanged();
  expect(wide.view.get()).toMatchObject({ x: 1500.5, y: 300.5, zoom: 8 });
  expect(whole.view.get().zoom).toBeCloseTo((1440 - 280) / 2000);
  wide.pan(-80, 0);
  wide.sizeChanged();
  expect(wide.view.get()).toMatchObject({ x: 1510.5, y: 300.5, zoom: 8 });
});
