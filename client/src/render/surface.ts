/** The geometry of one frame in device pixels: whole numbers where an edge has to be sharp. */

import type { Size } from "../model/canvas";
import type { Viewport } from "../model/viewport";

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** Device pixels of the visible canvas. */
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  /** Device pixels a cell. */
  readonly scale: number;
  /** Where the board's top left corner is. */
  readonly left: number;
  readonly top: number;
  readonly board: Size;
}

export function surfaceOf(
  context: CanvasRenderingContext2D,
  view: Viewport,
  ratio: number,
  board: Size,
): Surface {
  const left = Math.round((view.width / 2 - view.x * view.zoom) * ratio);
  const top = Math.round((view.height / 2 - view.y * view.zoom) * ratio);
  const { width, height } = context.canvas;
  return { context, width, height, ratio, scale: view.zoom * ratio, left, top, board };
}

/** Where a column (or row) begins. */
export function columnEdge(surface: Surface, column: number): number {
  return Math.round(surface.left + column * surface.scale);
}

export function rowEdge(surface: Surface, row: number): number {
  return Math.round(surface.top + row * surface.scale);
}

export interface CellRange {
  readonly fromX: number;
  readonly toX: number;
  readonly fromY: number;
  readonly toY: number;
}

/** The cells that are at least partly visible: `from` included, `to` not. */
export function visibleCells({ left, top, scale, width, height, board }: Surface): CellRange {
  const within = (value: number, limit: number) => Math.min(limit, Math.max(0, value));
  return {
    fromX: within(Math.floor(-left / scale), board.width),
    toX: within(Math.ceil((width - left) / scale), board.width),
    fromY: within(Math.floor(-top / scale), board.height),
    toY: within(Math.ceil((height - top) / scale), board.height),
  };
}
