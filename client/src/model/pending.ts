/**
 * The optimistic overlay: placements that the canvas does not hold yet.
 * A placement stays until the own seq reaches its ack, or goes at once when it is rejected.
 */

import type { Tool } from "../protocol/messages.gen";

export interface Placement {
  readonly id: number;
  readonly cell: number;
  readonly color: number;
  readonly tool: Tool;
  /** 0: not part of a stroke. */
  readonly stroke: number;
  /** When the person placed it, in whole milliseconds since the Unix epoch. */
  readonly placedAt: number;
}

interface Entry {
  readonly placement: Placement;
  /** When it was last put on the wire; null while it never was. */
  sentAt: number | null;
  /** The seq of its ack; null while unanswered. */
  ackSeq: number | null;
}

export class PendingPlacements {
  /** In the order of placing, which is the order of ids. */
  private readonly entries = new Map<number, Entry>();
  private readonly idsByCell = new Map<number, number[]>();
  private unansweredEntries = 0;

  get size(): number {
    return this.entries.size;
  }

  get unansweredCount(): number {
    return this.unansweredEntries;
  }

  add(placement: Placement): void {
    this.unansweredEntries++;
    this.entries.set(placement.id, { placement, sentAt: null, ackSeq: null });
    const ids = this.idsByCell.get(placement.cell);
    if (ids) ids.push(placement.id);
    else this.idsByCell.set(placement.cell, [placement.id]);
  }

  /** Return the newest pending colour of a cell, or undefined. */
  colorAt(cell: number): number | undefined {
    const id = this.idsByCell.get(cell)?.at(-1);
    return id === undefined ? undefined : this.entries.get(id)?.placement.color;
  }

  get(id: number): Placement | undefined {
    return this.entries.get(id)?.placement;
  }

  /** Remember that these left for the server. */
  markSent(placements: readonly Placement[], now: number): void {
    for (const { id } of placements) {
      const entry = this.entries.get(id);
      if (entry) entry.sentAt = now;
    }
  }

  /** The connection that carried them is gone: nothing counts as sent. */
  markUnsent(): void {
    for (const entry of this.entries.values()) entry.sentAt = null;
  }

  /** Note an ack; says whether the id was pending. */
  acknowledge(id: number, seq: number): boolean {
    const entry = this.entries.get(id);
    if (!entry) return false;
    if (entry.ackSeq === null) this.unansweredEntries--;
    entry.ackSeq = seq;
    return true;
  }

  /** Remove one placement and return it. */
  remove(id: number): Placement | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    this.entries.delete(id);
    if (entry.ackSeq === null) this.unansweredEntries--;
    const { cell } = entry.placement;
    const rest = (this.idsByCell.get(cell) ?? []).filter((other) => other !== id);
    if (rest.length > 0) this.idsByCell.set(cell, rest);
    else this.idsByCell.delete(cell);
    return entry.placement;
  }

  /** Remove what a canvas at `seq` holds and return it. */
  settle(seq: number): Placement[] {
    return this.removeWhere((entry) => entry.ackSeq !== null && entry.ackSeq <= seq);
  }

  /** Remove unanswered placements made before `moment`: their ids may be forgotten by the server. */
  expire(moment: number): Placement[] {
    return this.removeWhere((entry) => entry.ackSeq === null && entry.placement.placedAt < moment);
  }

  clear(): Placement[] {
    return this.removeWhere(() => true);
  }

  /** What has no answer yet, oldest first. */
  unanswered(): Placement[] {
    return [...this.entries.values()]
      .filter((entry) => entry.ackSeq === null)
      .map((entry) => entry.placement);
  }

  /** Whether something sent before `moment` still has no answer. */
  hasUnansweredSince(moment: number): boolean {
    for (const entry of this.entries.values()) {
      if (entry.ackSeq === null && entry.sentAt !== null && entry.sentAt < moment) return true;
    }
    return false;
  }

  /** Cells whose newest placement was made before `moment`: those are marked as waiting. */
  *cellsOlderThan(moment: number): Generator<number> {
    for (const [cell, ids] of this.idsByCell) {
      const newest = this.entries.get(ids[ids.length - 1]);
      if (newest && newest.placement.placedAt < moment) yield cell;
    }
  }

  private removeWhere(matches: (entry: Entry) => boolean): Placement[] {
    const found = [...this.entries.values()].filter(matches).map((entry) => entry.placement);
    for (const placement of found) this.remove(placement.id);
    return found;
  }
}
