/** From cells that somebody painted to placements on screen and on their way. */

import type { LockInfo, StrokeEnd, StrokeStart, Tool } from "../protocol/messages.gen";
import type { Board } from "./board";
import { lockAt } from "./canvasInfo";
import type { Placement } from "./pending";
import type { Refusal } from "./refusals";
import type { Outgoing } from "./syncTypes";
import type { TokenMeter } from "./tokenMeter";

export interface PaintRequest {
  readonly cells: readonly number[];
  readonly color: number;
  readonly tool: Tool;
  readonly stroke: number;
}

/** `placed` cells are on screen and on their way; `refusal` says why others are not. */
export interface PaintResult {
  readonly placed: number;
  readonly refusal: Refusal | null;
}

export class Placing {
  private readonly board: Board;
  private readonly meter: TokenMeter;
  private nextId: number;
  private outbox: Outgoing[] = [];

  constructor(board: Board, meter: TokenMeter, firstId: number) {
    this.board = board;
    this.meter = meter;
    this.nextId = firstId;
  }

  /** Show and queue the cells that are not locked, as many as the limit grants. */
  paint(request: PaintRequest, locks: readonly LockInfo[], now: number): PaintResult {
    const free = request.cells.filter((cell) => !this.isLocked(cell, locks));
    const granted = this.meter.take(free.length, now);
    const { color, tool, stroke } = request;
    for (const cell of free.slice(0, granted)) {
      const placement = { id: this.nextId++, cell, color, tool, stroke, placedAt: Math.round(now) };
      this.board.place(placement);
      this.outbox.push(outgoing(placement));
    }
    if (granted < free.length) return { placed: granted, refusal: "limit" };
    return { placed: granted, refusal: free.length < request.cells.length ? "locked" : null };
  }

  announce(message: StrokeStart | StrokeEnd): void {
    this.outbox.push(message);
  }

  /** Return what is to be sent, in order, and count it as sent. */
  take(now: number): Outgoing[] {
    const items = this.outbox;
    this.outbox = [];
    this.board.pending.markSent(
      items.filter((item) => item.type === "placement"),
      now,
    );
    return items;
  }

  /** A new connection: everything without an answer goes out again, with the same ids. */
  resend(): void {
    this.outbox = this.board.pending.unanswered().map(outgoing);
  }

  /** The connection is gone, and what was queued for it. */
  discard(): void {
    this.outbox = [];
    this.board.pending.markUnsent();
  }

  private isLocked(cell: number, locks: readonly LockInfo[]): boolean {
    const { width } = this.board.canvas;
    return lockAt(locks, cell % width, Math.floor(cell / width)) !== undefined;
  }
}

function outgoing(placement: Placement): Outgoing {
  return { type: "placement", ...placement };
}
