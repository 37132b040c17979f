/** What is on screen: the confirmed canvas at `seq` with the pending placements on top. */

import type { CellUpdate } from "../protocol/binaryCodec";
import { type Bitmap, Canvas } from "./canvas";
import { ChangeList } from "./changes";
import { OwnPixels } from "./ownPixels";
import { PendingPlacements, type Placement } from "./pending";

export class Board {
  canvas: Canvas;
  seq = 0;
  epoch = "";
  readonly pending = new PendingPlacements();
  readonly own = new OwnPixels();
  readonly changes = new ChangeList();

  constructor(width: number, height: number) {
    this.canvas = new Canvas(width, height);
  }

  /** Start from a bitmap; takes over its bytes. Pending placements stay unless it already holds them. */
  load(bitmap: Bitmap): void {
    this.canvas = new Canvas(bitmap.width, bitmap.height, bitmap.pixels);
    this.epoch = bitmap.epoch;
    this.seq = bitmap.seq;
    this.pending.settle(this.seq);
    this.changes.addAll();
  }

  /** Apply the cells of a stream message and move to its seq. */
  apply(cells: CellUpdate["cells"], colors: CellUpdate["colors"], seq: number): void {
    for (let index = 0; index < cells.length; index++) {
      if (this.canvas.set(cells[index], colors[index])) this.changes.add(cells[index]);
    }
    this.seq = seq;
    this.touch(this.pending.settle(seq));
  }

  /** The colour people see: the newest pending one, else the confirmed one. */
  displayed(cell: number): number {
    return this.pending.colorAt(cell) ?? this.canvas.get(cell);
  }

  place(placement: Placement): void {
    this.pending.add(placement);
    this.own.placed(placement);
    this.changes.add(placement.cell);
  }

  acknowledge(id: number, seq: number): void {
    if (this.pending.acknowledge(id, seq) && seq <= this.seq) this.revert(id);
  }

  /** Take a placement out of the overlay: what the canvas holds shows again. */
  revert(id: number): boolean {
    const placement = this.pending.remove(id);
    if (placement) this.changes.add(placement.cell);
    return placement !== undefined;
  }

  /** Revert all unanswered placements made before `moment`; returns how many. */
  expire(moment: number): number {
    return this.touch(this.pending.expire(moment));
  }

  /** Revert everything; returns how many were still pending. */
  revertAll(): number {
    return this.touch(this.pending.clear());
  }

  private touch(placements: readonly Placement[]): number {
    for (const { cell } of placements) this.changes.add(cell);
    return placements.length;
  }
}
