import { expect, test } from "vitest";
import { clampRegion, regionBetween, regionInView } from "./region";

const SIZE = { width: 900, height: 900 };

test("a rectangle stays on the canvas and has at least one cell", () => {
  expect(clampRegion({ x: -5, y: 890, width: 50, height: 50 }, SIZE)).toEqual({
    x: 0,
    y: 890,
    width: 50,
    height: 10,
  });
  expect(clampRegion({ x: Number.NaN, y: 1200, width: 0, height: -3 }, SIZE)).toEqual({
    x: 0,
    y: 899,
    width: 1,
    height: 1,
  });
});

test("dragging in any direction, and beyond the edge", () => {
  expect(regionBetween({ x: 10.7, y: 20 }, { x: 3, y: 25.2 }, SIZE)).toEqual({
    x: 3,
    y: 20,
    width: 8,
    height: 6,
  });
  expect(regionBetween({ x: -4, y: 0 }, { x: 2000, y: 0 }, SIZE)).toEqual({
    x: 0,
    y: 0,
    width: 900,
    height: 1,
  });
});

test("the view: every cell of which one sees something", () => {
  const view = { x: 450.5, y: 450, zoom: 10, width: 100, height: 40 };
  expect(regionInView(view, SIZE)).toEqual({ x: 445, y: 448, width: 11, height: 4 });
  expect(regionInView({ ...view, zoom: 0.1, width: 1000, height: 1000 }, SIZE)).toEqual({
    x: 0,
    y: 0,
    ...SIZE,
  });
});
