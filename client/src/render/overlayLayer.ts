/** Draws what lies above the pixels: locks, waiting marks, the stale look, the cell under the pointer. */

import type { Board } from "../model/board";
import type { Point } from "../model/line";
import { isLight, type Palette } from "../model/palette";
import type { LockInfo } from "../protocol/messages.gen";
import { hatch } from "./hatch";
import { columnEdge, rowEdge, type Surface } from "./surface";

/** Marks on single cells need cells of at least this many CSS pixels. */
const MARKS_FROM_ZOOM = 5;
/** Light inside, dark outside: a frame to be seen on every colour. */
const LOCK_BORDER = [
  ["rgba(255, 255, 255, 0.85)", -0.5],
  ["rgba(24, 28, 44, 0.85)", 0.5],
] as const;
/** The outline of the cell under the pointer never gets smaller than this many CSS pixels. */
const SMALLEST_OUTLINE = 7;

export function drawLocks(surface: Surface, locks: readonly LockInfo[]): void {
  const { context, ratio } = surface;
  for (const lock of locks) {
    const left = columnEdge(surface, lock.x);
    const top = rowEdge(surface, lock.y);
    const width = columnEdge(surface, lock.x + lock.width) - left;
    const height = rowEdge(surface, lock.y + lock.height) - top;
    context.fillStyle = "rgba(255, 255, 255, 0.22)";
    context.fillRect(left, top, width, height);
    context.fillStyle = hatch(context, "rgba(24, 28, 44, 0.42)", ratio, 8, 1.6);
    context.fillRect(left, top, width, height);
    for (const [color, around] of LOCK_BORDER) {
      context.strokeStyle = color;
      context.lineWidth = ratio;
      const outset = around * ratio;
      context.strokeRect(left - outset, top - outset, width + 2 * outset, height + 2 * outset);
    }
  }
}

/** A dot in each cell whose placement waits for its answer. */
export function drawWaiting(surface: Surface, board: Board, cells: Iterable<number>, palette: Palette): void {
  const { context, scale, ratio } = surface;
  if (scale < MARKS_FROM_ZOOM * ratio) return;
  const side = Math.max(2 * ratio, scale * 0.26);
  for (const cell of cells) {
    const x = cell % board.canvas.width;
    const y = Math.floor(cell / board.canvas.width);
    const light = isLight(palette.colors[board.displayed(cell)]);
    context.fillStyle = light ? "rgba(0, 0, 0, 0.5)" : "rgba(255, 255, 255, 0.7)";
    const inset = (scale - side) / 2;
    context.fillRect(columnEdge(surface, x) + inset, rowEdge(surface, y) + inset, side, side);
  }
}

/** The board may be out of date: take its colour away and hatch it. */
export function drawStale(surface: Surface): void {
  const { context, ratio, left, top, scale, board } = surface;
  const [width, height] = [board.width * scale, board.height * scale];
  context.save();
  context.globalCompositeOperation = "saturation";
  context.fillStyle = "rgba(128, 128, 128, 0.8)";
  context.fillRect(left, top, width, height);
  context.globalCompositeOperation = "source-over";
  context.fillStyle = "rgba(120, 124, 134, 0.16)";
  context.fillRect(left, top, width, height);
  context.fillStyle = hatch(context, "rgba(70, 74, 88, 0.26)", ratio, 14, 2);
  context.fillRect(left, top, width, height);
  context.restore();
}

export interface Outline {
  readonly cell: Point;
  /** What would be painted there; null for a plain outline. */
  readonly color: string | null;
  readonly blocked: boolean;
  /** Whether long lines lead to the cell: it may be tiny, and a finger was over it. */
  readonly cross: boolean;
}

/** Dark, light and tool colour around a cell: visible on every colour. */
export function drawOutline(surface: Surface, { cell, color, blocked, cross }: Outline): void {
  const { context, ratio, scale } = surface;
  const left = columnEdge(surface, cell.x);
  const top = rowEdge(surface, cell.y);
  const side = Math.max(SMALLEST_OUTLINE * ratio, columnEdge(surface, cell.x + 1) - left);
  const shift = (side - scale) / 2;
  const ring = (distance: number, width: number, style: string) => {
    context.strokeStyle = style;
    context.lineWidth = width * ratio;
    const from = distance * ratio;
    const length = side + 2 * from;
    context.strokeRect(Math.round(left - shift) - from, Math.round(top - shift) - from, length, length);
  };
  if (cross) drawCross(surface, Math.round(left - shift), Math.round(top - shift), side);
  ring(2, 1, "rgba(0, 0, 0, 0.75)");
  ring(1, 1.5, blocked ? "#e5484d" : "#ffffff");
  if (color && scale >= MARKS_FROM_ZOOM * ratio) ring(-1, 2, color);
  else ring(0, 1, "rgba(0, 0, 0, 0.55)");
}

const CROSS_REACH = 46;
const CROSS_GAP = 5;

/** Four lines that point at a cell. */
function drawCross({ context, ratio }: Surface, left: number, top: number, side: number): void {
  const [x, y] = [left + side / 2, top + side / 2];
  const from = side / 2 + CROSS_GAP * ratio;
  const to = from + CROSS_REACH * ratio;
  for (const [width, style] of [
    [4, "rgba(0, 0, 0, 0.7)"],
    [2, "#ffffff"],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width * ratio;
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      context.moveTo(x + dx * from, y + dy * from);
      context.lineTo(x + dx * to, y + dy * to);
    }
    context.stroke();
  }
}
