/** Which cells look different since the renderer last asked. */

/** Beyond this many it is cheaper to redraw everything than to list cells. */
const LIST_LIMIT = 20_000;

export type Changes =
  | { readonly kind: "all" }
  | { readonly kind: "cells"; readonly cells: readonly number[] };

export class ChangeList {
  private cells: number[] = [];
  private all = true;

  add(cell: number): void {
    if (this.all) return;
    this.cells.push(cell);
    if (this.cells.length > LIST_LIMIT) this.addAll();
  }

  addAll(): void {
    this.all = true;
    this.cells = [];
  }

  get isEmpty(): boolean {
    return !this.all && this.cells.length === 0;
  }

  /** Return what changed and start anew. */
  take(): Changes {
    const changes: Changes = this.all ? { kind: "all" } : { kind: "cells", cells: this.cells };
    this.cells = [];
    this.all = false;
    return changes;
  }
}
