export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Return every cell from `from` to `to`, both included, with no gap (Bresenham 1965).
 * The server's `pixels_core/canvas/geometry.py` has the same function and the same test vectors.
 */
export function line(from: Point, to: Point): Point[] {
  const dx = Math.abs(to.x - from.x);
  const dy = -Math.abs(to.y - from.y);
  const stepX = from.x < to.x ? 1 : -1;
  const stepY = from.y < to.y ? 1 : -1;
  const cells: Point[] = [];
  let { x, y } = from;
  let error = dx + dy;
  for (;;) {
    cells.push({ x, y });
    if (x === to.x && y === to.y) return cells;
    const doubled = 2 * error;
    if (doubled >= dy) {
      error += dy;
      x += stepX;
    }
    if (doubled <= dx) {
      error += dx;
      y += stepY;
    }
  }
}
