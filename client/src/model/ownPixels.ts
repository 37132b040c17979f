/** Watches the pixels that this page just placed: did somebody paint over one? */

import type { Placement } from "./pending";

/** Later than this it is no conflict any more, just the canvas moving on. */
export const WATCHED_MS = 10_000;

interface Watched {
  readonly id: number;
  readonly color: number;
  readonly placedAt: number;
  /** null until the placement is acknowledged: before that the stream shows what was there earlier. */
  ackSeq: number | null;
}

export class OwnPixels {
  /** By cell, the oldest placement first. */
  private readonly watched = new Map<number, Watched>();

  placed({ id, cell, color, placedAt }: Placement): void {
    this.watched.delete(cell);
    this.watched.set(cell, { id, color, placedAt, ackSeq: null });
    for (const [old, entry] of this.watched) {
      if (placedAt - entry.placedAt <= WATCHED_MS) break;
      this.watched.delete(old);
    }
  }

  acknowledged({ id, cell }: Placement, seq: number): void {
    const entry = this.watched.get(cell);
    if (entry?.id === id) entry.ackSeq = seq;
  }

  /** The placement was refused. */
  refused({ id, cell }: Placement): void {
    if (this.watched.get(cell)?.id === id) this.watched.delete(cell);
  }

  /** These cells were changed by somebody who says so (a moderator's rewind). */
  forget(cells: readonly number[]): void {
    for (const cell of cells) this.watched.delete(cell);
  }

  /** The canvas at `seq` has these colours; returns how many own pixels are gone, each told once. */
  overwritten(cells: ArrayLike<number>, colors: ArrayLike<number>, seq: number, now: number): number {
    if (this.watched.size === 0) return 0;
    let count = 0;
    for (let index = 0; index < cells.length; index++) {
      const entry = this.watched.get(cells[index]);
      if (!entry || entry.ackSeq === null || entry.ackSeq > seq || entry.color === colors[index]) continue;
      this.watched.delete(cells[index]);
      if (now - entry.placedAt <= WATCHED_MS) count++;
    }
    return count;
  }
}
