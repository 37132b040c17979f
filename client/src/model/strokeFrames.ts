/** Packs placements into as few stroke frames as possible. */

import type { StrokeFrame } from "../protocol/binaryCodec";
import { MAX_STROKE_PIXELS } from "../protocol/messages.gen";
import type { Placement } from "./pending";

/** Return frames of at most `MAX_STROKE_PIXELS` placements with consecutive ids, one colour, tool and stroke each. */
export function strokeFrames(placements: readonly Placement[]): StrokeFrame[] {
  const frames: StrokeFrame[] = [];
  let run: Placement[] = [];
  for (const placement of placements) {
    if (run.length > 0 && !continues(run, placement)) {
      frames.push(frameOf(run));
      run = [];
    }
    run.push(placement);
  }
  if (run.length > 0) frames.push(frameOf(run));
  return frames;
}

function continues(run: readonly Placement[], next: Placement): boolean {
  const first = run[0];
  return (
    run.length < MAX_STROKE_PIXELS &&
    next.id === first.id + run.length &&
    next.color === first.color &&
    next.tool === first.tool &&
    next.stroke === first.stroke
  );
}

function frameOf(run: readonly Placement[]): StrokeFrame {
  const { id, color, tool, stroke, placedAt } = run[0];
  return {
    id,
    color,
    tool,
    stroke,
    clientTimestamp: placedAt,
    cells: run.map((placement) => placement.cell),
  };
}
