/** A small graph of numbers as the path of an SVG. */

/** Return the path through `values`, oldest left, in a box of `width` by `height`; empty without two values. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return "";
  // A quiet line is better than one that magnifies a millisecond.
  const top = Math.max(50, ...values) * 1.1;
  const step = width / (values.length - 1);
  const points = values.map((value, index) => {
    const y = height - (Math.max(0, value) / top) * height;
    return `${(index * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}

/** Say in words what the graph shows. */
export function trend(values: readonly number[]): string {
  if (values.length === 0) return "No round trip was measured yet.";
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.round);
  const last = Math.round(values[values.length - 1]);
  return values.length === 1 || low === high
    ? `Round trip ${last} ms.`
    : `Round trip ${last} ms; the last ${values.length} were between ${low} and ${high} ms.`;
}
