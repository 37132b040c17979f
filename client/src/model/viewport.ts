/** Which part of the canvas the window shows. Lengths are CSS pixels; `zoom` is CSS pixels a cell. Immutable. */

import type { Size } from "./canvas";
import type { Point } from "./line";

export const MAX_ZOOM = 64;
const MIN_ZOOM = 0.5;

export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface Viewport {
  /** The canvas position, in cells, at the middle of the window. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** Return the window position of a canvas position. */
export function toScreen(view: Viewport, x: number, y: number): Point {
  return { x: (x - view.x) * view.zoom + view.width / 2, y: (y - view.y) * view.zoom + view.height / 2 };
}

/** Return the canvas position, in fractions of cells, of a window position. */
export function toCanvas(view: Viewport, screen: Point): Point {
  return {
    x: (screen.x - view.width / 2) / view.zoom + view.x,
    y: (screen.y - view.height / 2) / view.zoom + view.y,
  };
}

/** Return the column and row under a window position; they may lie outside the canvas. */
export function cellUnder(view: Viewport, screen: Point): Point {
  const { x, y } = toCanvas(view, screen);
  return { x: Math.floor(x), y: Math.floor(y) };
}

/** The smallest zoom: half size, or less where even that does not fit the window. */
export function minZoom(view: Viewport, size: Size): number {
  const fitting = Math.min(view.width / size.width, view.height / size.height);
  return Math.max(0.05, Math.min(MIN_ZOOM, fitting * 0.5));
}

/** Zoom by `factor`; what is at `anchor` stays there. */
export function zoomAt(view: Viewport, anchor: Point, factor: number, size: Size): Viewport {
  const zoom = clamp(view.zoom * factor, minZoom(view, size), MAX_ZOOM);
  const fixed = toCanvas(view, anchor);
  const x = fixed.x - (anchor.x - view.width / 2) / zoom;
  const y = fixed.y - (anchor.y - view.height / 2) / zoom;
  return clampView({ ...view, x, y, zoom }, size);
}

/** Go to a zoom; what is at `anchor` stays there. */
export function zoomTo(view: Viewport, anchor: Point, zoom: number, size: Size): Viewport {
  return zoomAt(view, anchor, zoom / view.zoom, size);
}

/** Put a canvas position into the middle of the window. */
export function centerOn(view: Viewport, at: Point, size: Size): Viewport {
  return clampView({ ...view, x: at.x, y: at.y }, size);
}

/** The part of the canvas that the window shows, in cells. */
export function visiblePart(view: Viewport, size: Size): Size & Point {
  const from = toCanvas(view, { x: 0, y: 0 });
  const to = toCanvas(view, { x: view.width, y: view.height });
  const [x, y] = [clamp(from.x, 0, size.width), clamp(from.y, 0, size.height)];
  return { x, y, width: clamp(to.x, 0, size.width) - x, height: clamp(to.y, 0, size.height) - y };
}

/** Whether the window shows the whole canvas. */
export function showsAll(view: Viewport, size: Size): boolean {
  const part = visiblePart(view, size);
  return part.width === size.width && part.height === size.height;
}

/** Move the canvas by (dx, dy) on the screen. */
export function panBy(view: Viewport, dx: number, dy: number, size: Size): Viewport {
  return clampView({ ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom }, size);
}

/** Show the whole canvas between the insets. */
export function fitView(view: Viewport, size: Size, insets: Insets): Viewport {
  const freeWidth = Math.max(64, view.width - insets.left - insets.right);
  const freeHeight = Math.max(64, view.height - insets.top - insets.bottom);
  const zoom = clamp(
    Math.min(freeWidth / size.width, freeHeight / size.height),
    minZoom(view, size),
    MAX_ZOOM,
  );
  const x = size.width / 2 + (insets.right - insets.left) / 2 / zoom;
  const y = size.height / 2 + (insets.bottom - insets.top) / 2 / zoom;
  return clampView({ ...view, x, y, zoom }, size);
}

/** The window has a new size; the middle stays. */
export function resize(view: Viewport, width: number, height: number): Viewport {
  return { ...view, width, height };
}

/** Move as little as needed to show a cell at least `margin` CSS pixels inside the insets. */
export function reveal(view: Viewport, cell: Point, insets: Insets, margin: number, size: Size): Viewport {
  const { x, y } = toScreen(view, cell.x + 0.5, cell.y + 0.5);
  const dx = x - clampInto(x, insets.left + margin, view.width - insets.right - margin);
  const dy = y - clampInto(y, insets.top + margin, view.height - insets.bottom - margin);
  return panBy(view, -dx, -dy, size);
}

/** Write the view as a URL fragment: the cell in the middle and the zoom. */
export function toHash(view: Viewport): string {
  return `#${Math.floor(view.x)},${Math.floor(view.y)},${Number(view.zoom.toFixed(2))}`;
}

/** Read a URL fragment; null where it is not a view. */
export function fromHash(hash: string, view: Viewport, size: Size): Viewport | null {
  const match = /^#(-?\d{1,5}),(-?\d{1,5})(?:,(\d{1,3}(?:\.\d{1,4})?))?$/.exec(hash);
  if (!match) return null;
  const zoom = clamp(Number(match[3] ?? 8), minZoom(view, size), MAX_ZOOM);
  return clampView({ ...view, x: Number(match[1]) + 0.5, y: Number(match[2]) + 0.5, zoom }, size);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function clampInto(value: number, low: number, high: number): number {
  return low > high ? (low + high) / 2 : clamp(value, low, high);
}

/** Some of the canvas is always in the middle: nobody gets lost in empty space. */
function clampView(view: Viewport, size: Size): Viewport {
  // Insets may shift the middle beyond the edge when the canvas is tiny on screen; half a window of slack allows it.
  const slackX = Math.max(0, view.width / view.zoom - size.width) / 2;
  const slackY = Math.max(0, view.height / view.zoom - size.height) / 2;
  return {
    ...view,
    x: clamp(view.x, 0 - slackX, size.width + slackX),
    y: clamp(view.y, 0 - slackY, size.height + slackY),
  };
}
