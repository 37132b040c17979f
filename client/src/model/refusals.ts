/** Why something was not painted, in words for the person who painted. */

import { REASONS, type ReasonCode } from "../protocol/messages.gen";

/** What the client refuses by itself, before the server sees it. */
export type LocalRefusal = "offline" | "loading" | "degraded" | "limit" | "lost" | "reset" | "session";

export type Refusal = ReasonCode | LocalRefusal;

const TEXTS: Partial<Record<Refusal, string>> = {
  offline: "You are offline. Painting resumes when the connection is back.",
  loading: "The canvas is still loading.",
  degraded: "The canvas cannot save changes right now. Painting resumes by itself.",
  limit: "Paint limit reached. It refills by itself.",
  lost: "The connection was lost for too long; nothing was placed.",
  reset: "The canvas was started anew; nothing was placed.",
  session: "You changed who you are; what was still on its way was not placed.",
  rate_limited: "Too fast: the paint limit was reached.",
  locked: "This region is locked by a moderator.",
  banned: "You may not place pixels at the moment.",
  paused: "The canvas is paused by a moderator.",
  read_only: "You are watching only; this session may not draw.",
  unavailable: "The canvas could not save this; nothing was placed.",
};

export function refusalText(refusal: Refusal): string {
  return TEXTS[refusal] ?? REASONS[refusal as ReasonCode] ?? "This was refused.";
}
