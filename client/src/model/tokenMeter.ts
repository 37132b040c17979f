/**
 * The client's prediction of its own token bucket, so that a stroke stops at the limit instead of collecting rejects.
 * The server decides; every `canvas:state` and every `rate_limited` answer corrects the prediction.
 */

import type { LimitsInfo } from "../protocol/messages.gen";

/** Buckets of at least this size keep one token back: network jitter can make the server see requests closer together. */
const RESERVE_FROM_BURST = 10;

export class TokenMeter {
  private rate = 0;
  private size = 0;
  private tokens = 0;
  private at = 0;
  private inFlight = 0;

  /** Take over limits and the server's count of tokens. */
  sync(limits: LimitsInfo, tokens: number, now: number): void {
    this.rate = limits.rate;
    this.size = limits.burst;
    this.tokens = Math.min(tokens, limits.burst);
    this.at = now;
  }

  /** The server refused for lack of tokens: the next one is there in `retryAfterMs`. */
  refused(retryAfterMs: number, now: number): void {
    const tokens = 1 - (retryAfterMs / 1000) * this.rate;
    this.tokens = Math.min(this.available(now), tokens);
    this.at = now;
  }

  /**
   * So many placements have no answer now. The server's bucket cannot grow past its size while they are on their way to
   * it, so ours must not either: without this, a slow request lets us count tokens that the server never had.
   */
  setInFlight(count: number, now: number): void {
    this.tokens = this.available(now);
    this.at = now;
    this.inFlight = count;
  }

  get burst(): number {
    return this.size;
  }

  /** How many tokens there are now; a fraction while one grows, below zero after a refusal. */
  available(now: number): number {
    const grown = (Math.max(0, now - this.at) / 1000) * this.rate;
    return Math.min(this.size - this.inFlight, this.tokens + grown);
  }

  /** Take up to `wanted` tokens; returns how many there were. */
  take(wanted: number, now: number): number {
    const available = this.available(now);
    const granted = Math.max(0, Math.min(wanted, Math.floor(available - this.reserve)));
    this.tokens = available - granted;
    this.at = now;
    this.inFlight += granted;
    return granted;
  }

  /** Milliseconds until the next placement is possible; 0 when it is possible now. */
  waitMs(now: number): number {
    if (this.size === 0) return 0;
    const missing = 1 + this.reserve - this.available(now);
    return missing <= 0 ? 0 : Math.ceil((missing / this.rate) * 1000);
  }

  private get reserve(): number {
    return this.size >= RESERVE_FROM_BURST ? 1 : 0;
  }
}
