/** How long to wait before the next attempt; pure, `random` is 0 to 1. */

const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** After a server's "restarting" everybody comes back, spread over this time. */
const RESTART_SPREAD_MS = 1_000;

export type DelayKind = "none" | "restart" | "backoff";

/** Gentler than doubling: a server that restarts in three seconds is found again within two more. */
const GROWTH = 1.6;

/** Return the delay before attempt number `attempt` (0: the first); the back-off grows and half of it is random. */
export function delayMs(kind: DelayKind, attempt: number, random: number): number {
  if (kind === "none") return 0;
  if (kind === "restart" && attempt === 0) return RESTART_SPREAD_MS * random;
  const full = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** attempt);
  return Math.max(FIRST_MS, full * (0.5 + random / 2));
}
