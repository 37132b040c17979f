/** Turns the way of a pointer into placements: gap-free lines, each cell once a stroke, one message why it stopped. */

import { cellAt, type Size } from "../model/canvas";
import { line, type Point } from "../model/line";
import type { PaintRequest, PaintResult } from "../model/placing";
import type { Refusal } from "../model/refusals";
import type { StrokeEnd, StrokeStart, Tool } from "../protocol/messages.gen";

export interface PaintPort {
  size(): Size;
  paint(request: PaintRequest): PaintResult;
  announce(message: StrokeStart | StrokeEnd): void;
  /** `cells`: which ones were asked for when it was said. */
  refused(reason: Refusal, cells: readonly number[]): void;
}

export interface Ink {
  readonly color: number;
  readonly tool: Tool;
}

interface Stroke {
  readonly number: number;
  readonly ink: Ink;
  readonly painted: Set<number>;
  readonly told: Set<Refusal>;
  last: Point;
  announced: boolean;
  /** Set when the stroke ran into something: it paints no more until the pointer is lifted. */
  stopped: boolean;
}

/** Reasons that hold for single cells only: the stroke goes on around them. */
const PASSABLE: ReadonlySet<Refusal> = new Set<Refusal>(["locked"]);

export class Painter {
  private readonly port: PaintPort;
  private stroke: Stroke | null = null;
  private strokeNumber: number;

  /** `firstStroke` numbers the first stroke: random, so that two tabs of a user do not share numbers. */
  constructor(port: PaintPort, firstStroke: number) {
    this.port = port;
    this.strokeNumber = firstStroke;
  }

  get isPainting(): boolean {
    return this.stroke !== null;
  }

  /** Whether the present stroke ran into the limit, a lock or a lost connection. */
  get isStopped(): boolean {
    return this.stroke?.stopped ?? false;
  }

  /** Paint one cell without a stroke around it; says whether it was painted. */
  dot(at: Point, ink: Ink): boolean {
    const painted = this.begin(at, ink);
    this.end();
    return painted;
  }

  begin(at: Point, ink: Ink): boolean {
    this.end();
    const stroke: Stroke = {
      number: this.strokeNumber++,
      ink,
      painted: new Set(),
      told: new Set(),
      last: at,
      announced: false,
      stopped: false,
    };
    this.stroke = stroke;
    return this.paint(stroke, [at]) > 0;
  }

  /** The pointer went through these cells. */
  extend(points: readonly Point[]): void {
    const stroke = this.stroke;
    if (!stroke) return;
    for (const point of points) {
      if (point.x === stroke.last.x && point.y === stroke.last.y) continue;
      const way = line(stroke.last, point).slice(1);
      stroke.last = point;
      this.announceStart(stroke);
      this.paint(stroke, way);
    }
  }

  end(): void {
    if (this.stroke?.announced) this.port.announce({ type: "pixel:stroke:end", stroke: this.stroke.number });
    this.stroke = null;
  }

  /** A click is a placement only; a stroke is announced when the pointer reaches its second cell. */
  private announceStart(stroke: Stroke): void {
    if (stroke.announced || stroke.stopped) return;
    stroke.announced = true;
    this.port.announce({ type: "pixel:stroke:start", stroke: stroke.number, ...stroke.ink });
  }

  private paint(stroke: Stroke, points: readonly Point[]): number {
    if (stroke.stopped) return 0;
    const size = this.port.size();
    const fresh = points
      .map((point) => cellAt(size, point.x, point.y))
      .filter((cell) => cell !== null)
      .filter((cell) => !stroke.painted.has(cell));
    if (fresh.length === 0) return 0;
    const { placed, refusal } = this.port.paint({ cells: fresh, stroke: stroke.number, ...stroke.ink });
    for (const cell of fresh) stroke.painted.add(cell);
    if (refusal) this.run(stroke, refusal, fresh);
    return placed;
  }

  private run(stroke: Stroke, refusal: Refusal, cells: readonly number[]): void {
    if (!PASSABLE.has(refusal)) stroke.stopped = true;
    if (!stroke.told.has(refusal)) this.port.refused(refusal, cells);
    stroke.told.add(refusal);
  }
}
