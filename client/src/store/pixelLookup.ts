/** Asks who placed the pixel that somebody rests on: after a moment, once a cell and seq, and never for two at a time. */

import type { Point } from "../model/line";
import type { PixelRecord } from "../model/pixelRecord";
import { Observable } from "./observable";

/** Moving across the canvas asks nothing. */
export const REST_MS = 400;
const KEPT = 200;

export interface LookupPorts {
  fetchPixel(x: number, y: number, signal: AbortSignal): Promise<PixelRecord>;
  /** The seq of the canvas on screen: a record belongs to it. */
  seq(): number;
}

export class PixelLookup {
  /** About the cell that is rested on; null until it is known. */
  readonly found = new Observable<PixelRecord | null>(null);
  private readonly ports: LookupPorts;
  private readonly kept = new Map<string, PixelRecord>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;

  constructor(ports: LookupPorts) {
    this.ports = ports;
  }

  /** Somebody rests on this cell (again, when its colour changed); null: on none. */
  rest(cell: Point | null): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
    const known = cell && this.kept.get(this.key(cell));
    this.found.set(known ?? null);
    if (cell && !known) this.timer = setTimeout(() => void this.ask(cell), REST_MS);
  }

  private async ask(cell: Point): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    const key = this.key(cell);
    try {
      const record = await this.ports.fetchPixel(cell.x, cell.y, asking.signal);
      if (asking.signal.aborted) return;
      this.keep(key, record);
      this.found.set(record);
    } catch {
      // A tooltip without this line is still a tooltip.
    }
  }

  private keep(key: string, record: PixelRecord): void {
    this.kept.set(key, record);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  private key({ x, y }: Point): string {
    return `${x},${y}@${this.ports.seq()}`;
  }
}
