import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cellUnder,
  centerOn,
  fitView,
  fromHash,
  MAX_ZOOM,
  minZoom,
  panBy,
  reveal,
  showsAll,
  toCanvas,
  toHash,
  toScreen,
  type Viewport,
  visiblePart,
  zoomAt,
  zoomTo,
} from "./viewport";

const SIZE = { width: 900, height: 900 };
const view: Viewport = { x: 450, y: 450, zoom: 4, width: 1440, height: 900 };
const INSETS = { top: 60, right: 200, bottom: 60, left: 80 };

test("screen and canvas positions are inverse", () => {
  const at = toScreen(view, 12.25, 700.5);
  expect(toCanvas(view, at)).toEqual({ x: 12.25, y: 700.5 });
  expect(cellUnder(view, toScreen(view, 3.999, 4.001))).toEqual({ x: 3, y: 4 });
});

test("zooming keeps what is under the pointer", () => {
  const screen = fc.record({ x: fc.integer({ min: 300, max: 1100 }), y: fc.integer({ min: 200, max: 700 }) });
  fc.assert(
    fc.property(screen, fc.double({ min: 1, max: 4, noNaN: true }), (anchor, factor) => {
      const before = toCanvas(view, anchor);
      const after = toCanvas(zoomAt(view, anchor, factor, SIZE), anchor);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
    }),
  );
});

test("what the window shows, in cells", () => {
  expect(visiblePart(view, SIZE)).toEqual({ x: 270, y: 337.5, width: 360, height: 225 });
  expect(visiblePart(centerOn(view, { x: 0, y: 900 }, SIZE), SIZE)).toEqual({
    x: 0,
    y: 787.5,
    width: 180,
    height: 112.5,
  });
  expect([showsAll(view, SIZE), showsAll(fitView(view, SIZE, INSETS), SIZE)]).toEqual([false, true]);
});

test("going to a zoom keeps what is at the anchor", () => {
  const anchor = { x: 900, y: 300 };
  const close = zoomTo(view, anchor, 16, SIZE);
  expect([close.zoom, toCanvas(close, anchor)]).toEqual([16, toCanvas(view, anchor)]);
});

test("zoom ends at its limits", () => {
  const middle = { x: 720, y: 450 };
  expect(zoomAt(view, middle, 1e6, SIZE).zoom).toBe(MAX_ZOOM);
  expect(zoomAt(view, middle, 1e-6, SIZE).zoom).toBe(0.5);
  expect(minZoom({ ...view, width: 360, height: 640 }, SIZE)).toBeCloseTo(0.2);
});

test("nobody gets lost: the middle stays over the canvas", () => {
  const far = panBy(view, -1e6, 1e6, SIZE);
  expect([far.x, far.y]).toEqual([900, 0]);
});

test("the whole canvas fits between the panels", () => {
  for (const [width, height] of [
    [1440, 900],
    [360, 640],
    [2560, 1440],
  ]) {
    const insets = width < 720 ? { top: 56, right: 8, bottom: 206, left: 8 } : INSETS;
    const fitted = fitView({ ...view, width, height }, SIZE, insets);
    const [from, to] = [toScreen(fitted, 0, 0), toScreen(fitted, 900, 900)];
    expect(from.x).toBeGreaterThanOrEqual(insets.left - 0.5);
    expect(to.x).toBeLessThanOrEqual(width - insets.right + 0.5);
    expect(from.y).toBeGreaterThanOrEqual(insets.top - 0.5);
    expect(to.y).toBeLessThanOrEqual(height - insets.bottom + 0.5);
  }
});

test("revealing moves only as far as needed", () => {
  expect(reveal(view, { x: 450, y: 450 }, INSETS, 20, SIZE)).toEqual(view);
  const moved = reveal(view, { x: 700, y: 450 }, INSETS, 20, SIZE);
  expect(toScreen(moved, 700.5, 450.5)).toEqual({ x: 1440 - 200 - 20, y: 452 });
});

describe("the address", () => {
  test("there and back", () => {
    expect(toHash(view)).toBe("#450,450,4");
    expect(fromHash("#450,450,4", view, SIZE)).toMatchObject({ x: 450.5, y: 450.5, zoom: 4 });
    expect(toHash({ ...view, zoom: 0.8567 })).toBe("#450,450,0.86");
  });

  test.each(["", "#", "#1", "#a,b,c", "#1,2,3,4", "#1,2,-3", "#1e3,2,3"])("%j is no view", (hash) => {
    expect(fromHash(hash, view, SIZE)).toBeNull();
  });

  test("positions outside come back in, zoom too", () => {
    expect(fromHash("#-50,99999,999", view, SIZE)).toMatchObject({ x: 0, y: 900, zoom: MAX_ZOOM });
    expect(fromHash("#5,6", view, SIZE)?.zoom).toBe(8);
  });
});
