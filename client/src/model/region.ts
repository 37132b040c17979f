/** Rectangles of cells: what somebody wants a picture of. */

import type { Size } from "./canvas";
import type { Point } from "./line";
import { clamp, type Viewport, visiblePart } from "./viewport";

export interface Region extends Size, Point {}

/** Return the rectangle as far as it lies on the canvas, in whole cells, at least one. */
export function clampRegion(region: Region, size: Size): Region {
  const whole = (value: number) => (Number.isFinite(value) ? Math.round(value) : 0);
  const x = clamp(whole(region.x), 0, size.width - 1);
  const y = clamp(whole(region.y), 0, size.height - 1);
  return {
    x,
    y,
    width: clamp(whole(region.width), 1, size.width - x),
    height: clamp(whole(region.height), 1, size.height - y),
  };
}

/** Return the rectangle between two cells, both included, in whatever order. */
export function regionBetween(one: Point, other: Point, size: Size): Region {
  const inside = ({ x, y }: Point) => ({
    x: clamp(Math.floor(x), 0, size.width - 1),
    y: clamp(Math.floor(y), 0, size.height - 1),
  });
  const [a, b] = [inside(one), inside(other)];
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x) + 1,
    height: Math.abs(a.y - b.y) + 1,
  };
}

/** Return the cells that the window shows at least partly. */
export function regionInView(view: Viewport, size: Size): Region {
  const part = visiblePart(view, size);
  const last = { x: Math.ceil(part.x + part.width) - 1, y: Math.ceil(part.y + part.height) - 1 };
  return regionBetween(part, last, size);
}
