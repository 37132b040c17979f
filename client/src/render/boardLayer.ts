/** Draws the board: its edge, its pixels, the grid. */

import { columnEdge, rowEdge, type Surface, visibleCells } from "./surface";

/** The grid needs cells of at least this many CSS pixels. */
export const GRID_FROM_ZOOM = 6;

const GRID_COLOR = "rgba(127, 127, 127, 0.3)";
/** The shadow fades over this many CSS pixels. Drawn as rings: canvas shadows cost milliseconds without a GPU. */
const SHADOW_REACH = 18;
const SHADOW_ALPHA = 0.13;
const SHADOW_DROP = 3;

export function drawEdge({ context, left, top, scale, ratio, board }: Surface): void {
  const width = board.width * scale;
  const height = board.height * scale;
  context.lineWidth = 1;
  for (let ring = 0; ring < SHADOW_REACH * ratio; ring++) {
    const fade = 1 - ring / (SHADOW_REACH * ratio);
    const drop = (1 - fade) * SHADOW_DROP * ratio;
    const around = ring + 0.5;
    context.strokeStyle = `rgba(8, 10, 18, ${SHADOW_ALPHA * fade ** 3})`;
    context.strokeRect(left - around, top - around + drop, width + 2 * around, height + 2 * around);
  }
}

export function drawPixels(surface: Surface, image: HTMLCanvasElement): void {
  const { context, left, top, scale } = surface;
  const { fromX, toX, fromY, toY } = visibleCells(surface);
  if (toX <= fromX || toY <= fromY) return;
  context.imageSmoothingEnabled = scale < 1;
  context.imageSmoothingQuality = "medium";
  context.drawImage(
    image,
    fromX,
    fromY,
    toX - fromX,
    toY - fromY,
    left + fromX * scale,
    top + fromY * scale,
    (toX - fromX) * scale,
    (toY - fromY) * scale,
  );
}

export function drawGrid(surface: Surface): void {
  const { context, scale, ratio } = surface;
  if (scale < GRID_FROM_ZOOM * ratio) return;
  const { fromX, toX, fromY, toY } = visibleCells(surface);
  const [left, right] = [columnEdge(surface, fromX), columnEdge(surface, toX)];
  const [top, bottom] = [rowEdge(surface, fromY), rowEdge(surface, toY)];
  const thin = Math.max(1, Math.round(ratio));
  context.fillStyle = GRID_COLOR;
  for (let x = fromX; x <= toX; x++) context.fillRect(columnEdge(surface, x), top, thin, bottom - top);
  for (let y = fromY; y <= toY; y++) context.fillRect(left, rowEdge(surface, y), right - left, thin);
}
