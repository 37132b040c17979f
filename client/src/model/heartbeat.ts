/** When to send heartbeats, what their answers prove, and when a silent socket counts as dead. */

import { HEARTBEAT_INTERVAL_MS, type HeartbeatReply, IDLE_TIMEOUT_MS } from "../protocol/messages.gen";

/** How long the answer to a probe may take: after sleep or a network change nobody wants to wait 45 s. */
const PROBE_TIMEOUT_MS = 4_000;
/** The page is still busy starting when the socket opens; a moment later the round trip is the network's. */
const FIRST_AFTER_MS = 800;

/** How many round trips are kept for the graph. */
const HISTORY = 40;

/** What a reply says about the own canvas. */
export type HeartbeatVerdict = "equal" | "different" | "behind" | "stuck";

export class Heartbeats {
  private dueAt = Number.POSITIVE_INFINITY;
  private lastHeard = 0;
  private replyBy = Number.POSITIVE_INFINITY;
  private behindAt: number | null = null;
  /** Milliseconds between the last heartbeat and its answer; null before the first. */
  roundTripMs: number | null = null;
  /** By how much the server's clock is ahead of the own one. */
  serverAhead = 0;
  /** The last round trips, oldest first. */
  history: readonly number[] = [];

  /** The socket is open: the first heartbeat follows soon, so that the round trip and who is online are known. */
  start(now: number): void {
    this.dueAt = now + FIRST_AFTER_MS;
    this.lastHeard = now;
    this.replyBy = Number.POSITIVE_INFINITY;
    this.behindAt = null;
  }

  stop(): void {
    this.dueAt = Number.POSITIVE_INFINITY;
    this.replyBy = Number.POSITIVE_INFINITY;
    this.roundTripMs = null;
  }

  /** Anything arrived. */
  heard(now: number): void {
    this.lastHeard = now;
  }

  /** Send one with the next tick and expect a quick answer. */
  probe(now: number): void {
    this.dueAt = now;
    this.replyBy = now + PROBE_TIMEOUT_MS;
  }

  /** Says whether a heartbeat is to be sent now; the next one is due an interval later. */
  takeDue(now: number): boolean {
    if (now < this.dueAt) return false;
    this.dueAt = now + HEARTBEAT_INTERVAL_MS;
    return true;
  }

  /** Send one with the next tick. */
  hurry(now: number): void {
    this.dueAt = Math.min(this.dueAt, now);
  }

  isDead(now: number): boolean {
    return now - this.lastHeard > IDLE_TIMEOUT_MS || now > this.replyBy;
  }

  /** Judge a reply by the own seq and checksum. `stuck`: behind for the second time without having moved. */
  judge(reply: HeartbeatReply, seq: number, checksum: number, now: number): HeartbeatVerdict {
    this.replyBy = Number.POSITIVE_INFINITY;
    this.roundTripMs = Math.max(0, now - reply.t);
    this.serverAhead = reply.serverTime + this.roundTripMs / 2 - now;
    this.history = [...this.history.slice(1 - HISTORY), this.roundTripMs];
    if (reply.seq <= seq) {
      this.behindAt = null;
      return reply.seq === seq && reply.checksum !== checksum ? "different" : "equal";
    }
    const stuck = this.behindAt === seq;
    this.behindAt = seq;
    return stuck ? "stuck" : "behind";
  }
}
