/** A canvas server in memory that keeps docs/wire.md, driven by hand: nothing happens until a test says so. */

import { type Bitmap, Canvas } from "../model/canvas";
import type { Incoming, Outgoing } from "../model/syncTypes";
import type { ReasonCode } from "../protocol/messages.gen";
import { cells, SIZE, state } from "./builders";

/** The server's end of a socket. `inbox` and `outbox` are what is under way; a lost link loses both. */
export class FakeLink {
  readonly toClient: Incoming[] = [];
  readonly toServer: Outgoing[] = [];
}

interface Change {
  readonly cell: number;
  readonly color: number;
}

export class FakeServer {
  epoch = "e1";
  canvas = new Canvas(SIZE.width, SIZE.height);
  seq = 0;
  /** How many changes a reconnecting client may have missed. */
  retained = 60;
  readonly links = new Set<FakeLink>();
  /** How often each request id was applied. */
  readonly applied = new Map<number, number>();
  private log: Change[] = [];
  private published = 0;
  private waitingAcks: { link: FakeLink; id: number; seq: number }[] = [];

  connect(since: number, epoch: string): FakeLink {
    const link = new FakeLink();
    this.publish();
    const known = epoch === this.epoch && since <= this.seq && this.seq - since <= this.retained;
    const mode = !known ? "reload" : since < this.seq ? "catching-up" : "live";
    link.toClient.push(state({ seq: this.seq, epoch: this.epoch, checksum: this.canvas.checksum, mode }));
    if (mode === "catching-up") link.toClient.push(this.update(since));
    this.links.add(link);
    return link;
  }

  bitmap(): Bitmap {
    const pixels = Uint8Array.from({ length: this.canvas.cellCount }, (_, cell) => this.canvas.get(cell));
    return { ...SIZE, pixels, epoch: this.epoch, seq: this.seq };
  }

  /** Somebody else paints. */
  place(cell: number, color: number): number {
    this.canvas.set(cell, color);
    this.log.push({ cell, color });
    return ++this.seq;
  }

  /** Take the oldest message that a client sent. */
  receive(link: FakeLink, refuse: ReasonCode | null): void {
    const item = link.toServer.shift();
    if (item?.type !== "placement") return;
    const { id, cell, color } = item;
    const before = this.answered.get(id);
    if (before !== undefined) link.toClient.push({ type: "pixel:ack", id, seq: before });
    else if (refuse) link.toClient.push({ type: "pixel:reject", id, reason: refuse });
    else {
      const seq = this.place(cell, color);
      this.answered.set(id, seq);
      this.applied.set(id, (this.applied.get(id) ?? 0) + 1);
      this.waitingAcks.push({ link, id, seq });
    }
  }

  /** End of a window: everybody gets what changed, painters get their acks, in either order. */
  publish(acksFirst = false): void {
    const acks = () => {
      for (const { link, id, seq } of this.waitingAcks) link.toClient.push({ type: "pixel:ack", id, seq });
      this.waitingAcks = [];
    };
    if (acksFirst) acks();
    if (this.published < this.seq) {
      const update = this.update(this.published);
      for (const link of this.links) link.toClient.push(update);
      this.published = this.seq;
    }
    acks();
  }

  heartbeat(link: FakeLink, t: number): void {
    const { seq, canvas } = this;
    if (this.published !== seq) this.publish();
    link.toClient.push({
      type: "heartbeat",
      t,
      serverTime: t,
      seq,
      checksum: canvas.checksum,
      online: this.links.size,
    });
  }

  /** The log is gone and begins anew. */
  restartEmpty(epoch: string): void {
    this.epoch = epoch;
    this.canvas = new Canvas(SIZE.width, SIZE.height);
    this.seq = this.published = 0;
    this.log = [];
    this.waitingAcks = [];
    this.answered.clear();
    this.applied.clear();
    this.links.clear();
  }

  private readonly answered = new Map<number, number>();

  private update(since: number): Incoming {
    const last = new Map(this.log.slice(since).map(({ cell, color }) => [cell, color] as const));
    return cells(since + 1, this.seq, ...last);
  }
}
