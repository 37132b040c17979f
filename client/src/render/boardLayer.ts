/** Draws the board: its edge, its pixels, the grid. */

import { columnEdge, rowEdge, type Surface, visibleCells } from "./surface";

/** The grid needs cells of at least this many CSS pixels. */
export const GRID_FROM_ZOOM = 6;

const GRID_COLOR = "rgba(127, 127, 127, 0.38)";
/** A soft shadow from a few translucent frames: canvas shadows cost milliseconds on a software renderer. */
const SHADOW = [
  { spread: 1, alpha: 0.16 },
  { spread: 4, alpha: 0.05 },
  { spread: 9, alpha: 0.035 },
  { spread: 16, alpha: 0.02 },
] as const;

export function drawEdge({ context, left, top, scale, ratio, board }: Surface): void {
  const width = board.width * scale;
  const height = board.height * scale;
  for (const { spread, alpha } of SHADOW) {
    const around = spread * ratio;
    context.fillStyle = `rgba(10, 12, 20, ${alpha})`;
    context.fillRect(left - around, top - around, width + 2 * around, height + 2 * around);
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
