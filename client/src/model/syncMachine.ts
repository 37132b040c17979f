/**
 * The client's side of the stream (docs/wire.md): what to do with every message, loss and passing of time.
 *
 * Pure: methods change the state and queue effects, `takeEffects` drains them; whoever calls moves the bytes, runs the
 * timers and passes the clock. Times are milliseconds since the Unix epoch.
 */

import {
  type CanvasStateMessage,
  type HeartbeatReply,
  type PixelReject,
  PROTOCOL_VERSION,
  RETAINED_MS,
  type StrokeEnd,
  type StrokeStart,
} from "../protocol/messages.gen";
import { Board } from "./board";
import type { Bitmap, Size } from "./canvas";
import { applyModeration, type CanvasInfo, infoFromState, type ModerationMessage } from "./canvasInfo";
import { Heartbeats } from "./heartbeat";
import { type PaintRequest, type PaintResult, Placing } from "./placing";
import type { Refusal } from "./refusals";
import type { Effect, Incoming, Mode, Outgoing, Phase, StreamMessage } from "./syncTypes";
import { TokenMeter } from "./tokenMeter";

/** A placement without an answer for this long means that the socket lost something: reconnect and ask again. */
const ANSWER_TIMEOUT_MS = 10_000;
const OPENING_TIMEOUT_MS = 10_000;
/** After this long an open socket counts as a success and the back-off starts over. */
const STABLE_AFTER_MS = 2_000;
/** Until then it is half a success: the next wait is short, but no server is asked in a tight loop. */
const ATTEMPTS_AFTER_OPENING = 2;
/** Ids older than this may be forgotten by the server, so asking again could place twice. */
const RESEND_LIMIT_MS = RETAINED_MS - 60_000;
/** Stream messages kept while a bitmap loads: ten minutes of ten a second. */
const BUFFER_LIMIT = 6_000;
const SERVICE_RESTART = 1012;

export class SyncMachine {
  readonly board: Board;
  readonly meter = new TokenMeter();
  readonly heartbeats = new Heartbeats();
  readonly counters = {
    reloads: 0,
    mismatches: 0,
    gaps: 0,
    connects: 0,
    streamMessages: 0,
    cellsReceived: 0,
  };
  info: CanvasInfo | null = null;
  online = 0;
  /** The protocol version of a server that this page cannot speak to; null otherwise. */
  otherVersion: number | null = null;

  private link: "none" | "opening" | "open" = "none";
  private linkSince = 0;
  private attempts = 0;
  private needsBitmap = true;
  private fetching = false;
  private degraded = false;
  /** The stream has to reach this seq before the canvas counts as live. */
  private target = 0;
  private streamEpoch = "";
  private buffer: StreamMessage[] = [];
  private effects: Effect[] = [];
  private readonly placing: Placing;

  /** `firstId` is where the request ids start: random, below 2^52. */
  constructor(size: Size, firstId: number) {
    this.board = new Board(size.width, size.height);
    this.placing = new Placing(this.board, this.meter, firstId);
  }

  get phase(): Phase {
    if (this.link === "none") return this.fetching && this.attempts === 0 ? "loading" : "offline";
    if (this.link === "opening") return "connecting";
    if (this.needsBitmap) return "loading";
    if (this.degraded) return "degraded";
    return this.board.seq < this.target ? "catching-up" : "live";
  }

  /** The phase as the page shows it: before the first connection everything is loading, later it is offline. */
  get mode(): Mode {
    const phase = this.phase;
    if (phase === "connecting") return this.counters.connects === 1 ? "loading" : "offline";
    return phase;
  }

  /** Whether the bitmap was loaded at least once. */
  get hasBitmap(): boolean {
    return this.board.epoch !== "";
  }

  /** Whether what is on screen may be out of date. */
  get isStale(): boolean {
    const mode = this.mode;
    return mode !== "live" && mode !== "catching-up";
  }

  /** The server's clock: bans end and pixels grow old by it, whatever the own computer believes. */
  serverTime(now: number): number {
    return now + this.heartbeats.serverAhead;
  }

  takeEffects(): Effect[] {
    const effects = this.effects;
    this.effects = [];
    return effects;
  }

  // ── connection ──────────────────────────────────────────────────────────────────────────────────────────────────

  start(): void {
    this.load(false);
  }

  bitmapLoaded(bitmap: Bitmap, now: number): void {
    this.fetching = false;
    this.needsBitmap = false;
    if (bitmap.epoch !== this.board.epoch) this.revertPending();
    this.board.load(bitmap);
    if (this.link === "none") this.connect(now);
    if (this.link === "open") this.replay(now);
  }

  bitmapFailed(): void {
    this.fetching = false;
    this.retryLater("backoff");
  }

  socketClosed(code: number): void {
    if (this.link === "none") return;
    this.dropLink();
    this.retryLater(code === SERVICE_RESTART ? "restart" : "backoff");
  }

  /** The delay of a `retry` effect is over. */
  retry(now: number): void {
    if (this.needsBitmap) this.load(this.hasBitmap);
    else if (this.link === "none") this.connect(now);
  }

  /** The network or the page came back: do not wait for a timer. */
  wake(now: number): void {
    if (this.otherVersion !== null) return;
    if (this.link === "open") this.heartbeats.probe(now);
    else if (this.link === "none") this.effects.push({ kind: "retry", delay: "none", attempt: 0 });
  }

  /** Whoever paints is somebody else now: come back as that person. */
  identityChanged(): void {
    this.revertPending("session");
    if (this.link === "none") return;
    this.effects.push({ kind: "close" });
    this.dropLink();
    this.effects.push({ kind: "retry", delay: "none", attempt: 0 });
  }

  /** Somebody looks at the round trip: measure it with the next tick. */
  measure(now: number): void {
    if (this.link === "open") this.heartbeats.hurry(now);
  }

  /** Call often (twice a second): heartbeats, dead sockets and lost answers are found here. */
  tick(now: number): void {
    const lost = this.board.expire(now - RESEND_LIMIT_MS);
    if (lost > 0) this.effects.push({ kind: "refused", reason: "lost", count: lost });
    this.meter.setInFlight(this.board.pending.unansweredCount, now);
    if (this.link === "opening" && now - this.linkSince > OPENING_TIMEOUT_MS) this.reconnect();
    if (this.link !== "open") return;
    if (now - this.linkSince > STABLE_AFTER_MS) this.attempts = 0;
    const unanswered = this.board.pending.hasUnansweredSince(now - ANSWER_TIMEOUT_MS);
    if (unanswered || this.heartbeats.isDead(now)) this.reconnect();
    else if (this.heartbeats.takeDue(now)) this.effects.push({ kind: "heartbeat" });
  }

  // ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────

  receive(message: Incoming, now: number): void {
    if (this.link === "none") return;
    this.heartbeats.heard(now);
    this.take(message, now);
    this.meter.setInFlight(this.board.pending.unansweredCount, now);
  }

  private take(message: Incoming, now: number): void {
    switch (message.type) {
      case "canvas:state":
        return this.receiveState(message, now);
      case "pixel:ack":
        for (const id of typeof message.id === "number" ? [message.id] : message.id)
          this.receiveAck(id, message.seq, now);
        return;
      case "pixel:reject":
        return this.receiveReject(message, now);
      case "heartbeat":
        return this.receiveHeartbeat(message, now);
      default:
        this.counters.streamMessages++;
        if (this.needsBitmap) this.keep(message);
        else this.applyStream(message, now);
    }
  }

  private receiveState(state: CanvasStateMessage, now: number): void {
    if (state.version !== PROTOCOL_VERSION) {
      this.otherVersion = state.version;
      this.effects.push({ kind: "close" });
      this.dropLink();
      return;
    }
    const first = this.link === "opening";
    if (first) {
      this.link = "open";
      this.linkSince = now;
      this.attempts = Math.min(this.attempts, ATTEMPTS_AFTER_OPENING);
      this.heartbeats.start(now);
    }
    // Nobody tells what was missed before a reload: a ban may be over. The server knows.
    this.info = infoFromState(state, state.mode === "reload" ? null : this.info);
    this.degraded = state.mode === "degraded";
    this.streamEpoch = state.epoch;
    this.meter.sync(state.limits, state.you.tokens - this.board.pending.unansweredCount, now);
    if (state.epoch !== this.board.epoch) {
      this.revertPending();
      this.reload(state.seq);
    } else if (state.mode === "reload") this.reload(state.seq);
    else if (state.mode === "catching-up") this.target = state.seq;
    if (first) this.placing.resend();
  }

  private receiveAck(id: number, seq: number, now: number): void {
    const placement = this.board.pending.get(id);
    if (!placement) return;
    const { own, canvas } = this.board;
    own.acknowledged(placement, seq);
    this.board.acknowledge(id, seq);
    // The stream may have been faster, with somebody else's colour in it.
    if (seq <= this.board.seq)
      this.tellOverwritten(
        own.overwritten([placement.cell], [canvas.get(placement.cell)], this.board.seq, now),
      );
  }

  private tellOverwritten(count: number): void {
    if (count > 0) this.effects.push({ kind: "overwritten", count });
  }

  private receiveReject(reject: PixelReject, now: number): void {
    const placement = reject.id === undefined ? undefined : this.board.pending.get(reject.id);
    if (placement) this.board.own.refused(placement);
    if (reject.id !== undefined && !this.board.revert(reject.id)) return;
    if (reject.reason === "rate_limited") this.meter.refused(reject.retryAfterMs ?? 1000, now);
    const message = reject.message === undefined ? {} : { message: reject.message };
    this.effects.push({ kind: "refused", reason: reject.reason, count: 1, ...message });
  }

  private receiveHeartbeat(reply: HeartbeatReply, now: number): void {
    this.online = reply.online;
    const verdict = this.heartbeats.judge(reply, this.board.seq, this.board.canvas.checksum, now);
    if (this.needsBitmap) return;
    if (verdict === "stuck") this.reconnect();
    if (verdict === "different") {
      this.counters.mismatches++;
      this.reload(reply.seq);
    }
  }

  private applyStream(message: StreamMessage, now: number): void {
    const first = message.type === "cells" ? message.first : message.seq;
    if (message.seq <= this.board.seq) return;
    if (first > this.board.seq + 1) {
      this.counters.gaps++;
      this.reconnect();
      return;
    }
    if (message.type === "cells") {
      this.counters.cellsReceived += message.cells.length;
      this.board.apply(message.cells, message.colors, message.seq);
      this.tellOverwritten(this.board.own.overwritten(message.cells, message.colors, message.seq, now));
    } else this.applyModeration(message, now);
  }

  private applyModeration(message: ModerationMessage, now: number): void {
    const pixels = message.type === "moderation:rewind" ? message.pixels : [];
    const cells = pixels.map(([x, y]) => y * this.board.canvas.width + x);
    this.board.own.forget(cells);
    this.board.apply(
      cells,
      pixels.map((pixel) => pixel[2]),
      message.seq,
    );
    if (this.info) this.info = applyModeration(this.info, message);
    if (message.type === "moderation:limits") this.meter.sync(message.limits, message.limits.burst, now);
    this.effects.push({ kind: "moderation", message });
  }

  // ── loading ─────────────────────────────────────────────────────────────────────────────────────────────────────

  private keep(message: StreamMessage): void {
    this.target = Math.max(this.target, message.seq);
    if (this.buffer.length < BUFFER_LIMIT) this.buffer.push(message);
  }

  /** The bitmap came while the socket was open: what arrived meanwhile follows. */
  private replay(now: number): void {
    const buffer = this.buffer;
    this.buffer = [];
    for (const message of buffer) {
      if (this.link === "open") this.applyStream(message, now);
    }
    const unreachable = this.board.seq < this.target || this.board.epoch !== this.streamEpoch;
    if (this.link === "open" && unreachable) this.reconnect();
  }

  /** Acks of one epoch mean nothing in another, and asking again could paint on a canvas that was cleared on purpose. */
  private revertPending(reason: "reset" | "session" = "reset"): void {
    const lost = this.board.revertAll();
    if (lost > 0) this.effects.push({ kind: "refused", reason, count: lost });
  }

  private reload(target: number): void {
    this.needsBitmap = true;
    this.target = target;
    this.buffer = [];
    this.counters.reloads++;
    this.load(true);
  }

  private load(fresh: boolean): void {
    if (this.fetching) return;
    this.fetching = true;
    this.effects.push({ kind: "load", fresh });
  }

  // ── the link ────────────────────────────────────────────────────────────────────────────────────────────────────

  private connect(now: number): void {
    this.link = "opening";
    this.linkSince = now;
    this.target = 0;
    this.counters.connects++;
    this.effects.push({ kind: "connect", since: this.board.seq, epoch: this.board.epoch });
  }

  /** Leave this socket and come back with `since`: at once, unless that was tried just now. */
  private reconnect(): void {
    this.effects.push({ kind: "close" });
    this.dropLink();
    this.retryLater(this.attempts === 0 ? "none" : "backoff");
  }

  private dropLink(): void {
    this.link = "none";
    this.degraded = false;
    this.buffer = [];
    this.placing.discard();
    this.heartbeats.stop();
  }

  private retryLater(delay: "none" | "restart" | "backoff"): void {
    this.effects.push({ kind: "retry", delay, attempt: this.attempts });
    this.attempts++;
  }

  // ── painting ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Why nothing at all can be painted now, or null. */
  refusal(now: number): Refusal | null {
    const mode = this.mode;
    if (mode === "loading" || mode === "degraded" || mode === "offline") return mode;
    if (!this.info) return "loading";
    if (this.info.you.role === "viewer") return "read_only";
    if (this.info.bannedUntil > this.serverTime(now)) return "banned";
    return this.info.paused ? "paused" : null;
  }

  /** Show cells in their new colour and queue them for the server, as far as rules and limit allow. */
  paint(request: PaintRequest, now: number): PaintResult {
    const refusal = this.refusal(now);
    if (refusal) return { placed: 0, refusal };
    return this.placing.paint(request, this.info?.locks ?? [], now);
  }

  /** Queue the frame around a stroke; dropped when there is no connection. */
  announce(message: StrokeStart | StrokeEnd): void {
    if (this.link === "open") this.placing.announce(message);
  }

  /** Return what is to be sent now, in order. */
  takeOutbox(now: number): Outgoing[] {
    return this.link === "open" ? this.placing.take(now) : [];
  }
}
