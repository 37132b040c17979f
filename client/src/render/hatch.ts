/** Diagonal hatching as a repeating pattern, made once per colour and device pixel ratio. */

const cache = new Map<string, CanvasPattern>();

/** The context is a new one: its patterns have to be made anew. */
export function forgetPatterns(): void {
  cache.clear();
}

/** Return a pattern of stripes `width` wide, `spacing` CSS pixels apart. */
export function hatch(
  context: CanvasRenderingContext2D,
  color: string,
  ratio: number,
  spacing: number,
  width: number,
): CanvasPattern {
  const key = `${color} ${ratio} ${spacing} ${width}`;
  let pattern = cache.get(key);
  if (!pattern) {
    pattern = context.createPattern(
      stripes(color, Math.round(spacing * ratio), width * ratio),
      "repeat",
    ) as CanvasPattern;
    cache.set(key, pattern);
  }
  return pattern;
}

function stripes(color: string, side: number, width: number): HTMLCanvasElement {
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  const context = tile.getContext("2d") as CanvasRenderingContext2D;
  context.strokeStyle = color;
  context.lineWidth = width;
  // Three parallel lines, so that the corners of neighbouring tiles meet.
  for (const shift of [-side, 0, side]) {
    context.moveTo(shift - 1, side + 1);
    context.lineTo(shift + side + 1, -1);
  }
  context.stroke();
  return tile;
}
