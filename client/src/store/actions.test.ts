// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toScreen } from "../model/viewport";
import { state } from "../testing/builders";
import { createPage } from "../testing/page";

let page: ReturnType<typeof createPage>;

/** A live client with an empty 900 by 900 canvas, looking at cell (100, 200) at 16x. */
beforeEach(() => {
  vi.useFakeTimers(); // the address follows later, when this page is gone
  localStorage.clear();
  page = createPage();
  const { machine, controller } = page.client;
  machine.start();
  machine.bitmapLoaded({ width: 900, height: 900, pixels: new Uint8Array(810_000), epoch: "e1", seq: 0 }, 0);
  machine.receive(state({ width: 900, height: 900 }), 1_000_000);
  controller.resize(1440, 900);
  controller.openHash("#100,200,16");
});

afterEach(() => void vi.useRealTimers());

const colorAt = (x: number, y: number) => page.client.machine.board.displayed(y * 900 + x);
const run = (kind: "place" | "escape") => page.actions.run({ kind });

test("arrows show a cell in the middle first, then move it; Enter paints it", () => {
  page.actions.run({ kind: "move", dx: 1, dy: 0 });
  expect(page.client.spot.get()).toEqual({ cell: { x: 100, y: 200 }, source: "keyboard" });
  page.actions.run({ kind: "move", dx: 10, dy: -1 });
  run("place");
  expect([page.client.spot.get()?.cell, colorAt(110, 199)]).toEqual([{ x: 110, y: 199 }, 7]);
  expect(page.client.hint.get()).toBe(false);
});

test("the cell stays on the canvas, and in view", () => {
  page.actions.run({ kind: "move", dx: 0, dy: 0 });
  page.actions.run({ kind: "move", dx: -500, dy: 0 });
  expect(page.client.spot.get()?.cell).toEqual({ x: 0, y: 200 });
  expect(page.client.controller.view.get().x).toBeLessThan(60);
});

test("a tap on Space paints at the keyboard's cell only, and not after a pan", () => {
  page.actions.hover({ x: 720, y: 450 });
  page.actions.holdPan(true);
  page.actions.tapSpace();
  expect(colorAt(100, 200)).toBe(0);
  page.actions.run({ kind: "move", dx: 0, dy: 0 });
  page.actions.holdPan(true);
  page.actions.pan(5, 0);
  page.actions.tapSpace();
  expect(page.client.machine.board.pending.size).toBe(0);
  page.actions.holdPan(true);
  page.actions.tapSpace();
  expect(page.client.machine.board.pending.size).toBe(1);
});

test("a stroke through the window paints cells; the eraser paints the background", () => {
  page.actions.beginStroke({ x: 720, y: 450 });
  page.actions.extendStroke([{ x: 720 + 32, y: 450 }]);
  page.actions.endStroke();
  expect([colorAt(100, 200), colorAt(101, 200), colorAt(102, 200)]).toEqual([7, 7, 7]);
  page.client.chooseTool("eraser");
  page.actions.beginStroke({ x: 720, y: 450 });
  page.actions.endStroke();
  expect(colorAt(100, 200)).toBe(0);
});

test("the eyedropper takes the displayed colour and hands over to the brush", () => {
  page.client.chooseColor(18);
  page.actions.beginStroke({ x: 720, y: 450 });
  page.actions.endStroke();
  page.client.chooseColor(3);
  page.client.chooseTool("eyedropper");
  page.actions.pick({ x: 720, y: 450 }, true);
  expect(page.client.tools.get()).toMatchObject({ tool: "brush", color: 18 });
});

test("a refusal at a lock says the lock's reason, whoever refused", () => {
  const told = vi.spyOn(page.client.toasts, "show");
  const lock = { id: "l1", x: 100, y: 200, width: 5, height: 5, by: "m", reason: "Mural of the week" };
  page.client.machine.receive(state({ width: 900, height: 900, locks: [lock] }), 1_000_000);
  page.actions.beginStroke({ x: 720, y: 450 });
  page.actions.endStroke();
  const text = "This region is locked by a moderator. Reason: Mural of the week";
  expect(told).toHaveBeenLastCalledWith("locked", text, "warning", 1);
  page.client.refused("locked", 1, "Mural of the week");
  expect(told).toHaveBeenLastCalledWith("locked", text, "warning", 1);
  page.client.refused("locked", 2);
  expect(told).toHaveBeenLastCalledWith("locked", "This region is locked by a moderator.", "warning", 2);
});

test("colours go round", () => {
  page.client.chooseColor(0);
  page.actions.run({ kind: "nextColor", step: -1 });
  expect(page.client.tools.get().color).toBe(31);
});

test("the pointer's cell follows the pointer and leaves with it; Escape puts the keyboard's away", () => {
  page.actions.hover({ x: 720, y: 450 });
  expect(page.client.spot.get()).toEqual({ cell: { x: 100, y: 200 }, source: "pointer" });
  page.actions.hover(null);
  expect(page.client.spot.get()).toBeNull();
  page.actions.run({ kind: "move", dx: 0, dy: 0 });
  page.actions.hover(null);
  expect(page.client.spot.get()).not.toBeNull();
  run("escape");
  expect(page.client.spot.get()).toBeNull();
});

test("the canvas moves under a resting pointer: the pointer's cell is what is there now", () => {
  page.actions.hover({ x: 720, y: 450 });
  page.client.controller.pan(-160, 0);
  expect(page.client.spot.get()).toEqual({ cell: { x: 110, y: 200 }, source: "pointer" });
  page.actions.hover(null);
  page.actions.run({ kind: "move", dx: 0, dy: 0 });
  const spot = page.client.spot.get();
  page.client.controller.pan(-160, 0);
  expect(page.client.spot.get()).toEqual(spot);
});

describe("what screen readers hear", () => {
  const heard = () => {
    vi.advanceTimersByTime(300);
    return page.client.announcer.text.get();
  };

  test("the cell and its colour, the result, the tool", () => {
    page.actions.run({ kind: "move", dx: 0, dy: 0 });
    expect(heard()).toBe("Column 100, row 200, White");
    run("place");
    expect(heard()).toBe("Placed Red at column 100, row 200");
    page.actions.run({ kind: "color", slot: 4 });
    expect(heard()).toBe("Colour: Black");
    page.actions.run({ kind: "tool", tool: "eraser" });
    expect(heard()).toBe("Tool: Eraser");
  });
});

test("Z goes close to the keyboard's cell and back", () => {
  const { controller } = page.client;
  controller.showAll();
  page.client.spot.set({ cell: { x: 10, y: 20 }, source: "keyboard" });
  page.actions.run({ kind: "zoomToggle" });
  expect(controller.view.get().zoom).toBe(16);
  page.actions.run({ kind: "zoomToggle" });
  expect(controller.view.get().zoom).toBeLessThan(1);
});

describe("precise placing", () => {
  const tapAt = (x: number, y: number) =>
    page.actions.tap(toScreen(page.client.controller.view.get(), x + 0.5, y + 0.5));

  test("on large cells a tap paints at once", () => {
    expect([tapAt(100, 200), page.client.spot.get()]).toEqual([false, null]);
  });

  test("on tiny cells it chooses; arrows nudge; placing ends it", () => {
    page.client.controller.openHash("#100,200,4");
    expect([tapAt(90, 190), page.client.spot.get()]).toEqual([
      true,
      { cell: { x: 90, y: 190 }, source: "touch" },
    ]);
    page.actions.run({ kind: "move", dx: 1, dy: 0 });
    expect(page.client.spot.get()).toEqual({ cell: { x: 91, y: 190 }, source: "touch" });
    run("place");
    expect([colorAt(90, 190), colorAt(91, 190), page.client.spot.get()]).toEqual([0, 7, null]);
  });

  test("cancelling places nothing, and a tap beside the canvas chooses nothing", () => {
    page.client.controller.openHash("#0,0,4");
    tapAt(5, 5);
    run("escape");
    expect([page.client.spot.get(), page.client.machine.board.pending.size]).toEqual([null, 0]);
    expect([tapAt(-5, 5), page.client.spot.get()]).toEqual([true, null]);
  });

  test("turned off, a tap always paints, and fingers draw from 2x on", () => {
    page.client.controller.openHash("#100,200,4");
    expect(page.actions.fingerPans()).toBe(true);
    page.client.settings.change({ precise: false });
    expect([tapAt(90, 190), page.actions.fingerPans()]).toEqual([false, false]);
  });
});

test("the colour that the brackets lead to is there again at the next visit", () => {
  page.client.chooseColor(3);
  const before = page.client.recent.list.get();
  for (const step of [1, 1] as const) page.actions.run({ kind: "nextColor", step });
  expect(createPage().client.tools.get().color).toBe(5);
  expect(page.client.recent.list.get()).toEqual(before);
});
