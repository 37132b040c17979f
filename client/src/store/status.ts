/** What the page shows about connection and canvas, as one flat record. */

import type { SyncMachine } from "../model/syncMachine";
import type { Mode } from "../model/syncTypes";
import { type LimitsInfo, PROTOCOL_VERSION, type Role } from "../protocol/messages.gen";

export interface Status {
  readonly mode: Mode;
  /** Whether the canvas was ever on screen. */
  readonly hasBitmap: boolean;
  readonly isEmpty: boolean;
  readonly online: number;
  readonly roundTripMs: number | null;
  /** Placements that wait for an answer while the connection is not live; 0 in normal operation. */
  readonly waiting: number;
  readonly paused: boolean;
  readonly banned: boolean;
  readonly notice: string;
  readonly role: Role | null;
  readonly limits: LimitsInfo | null;
  /** Epoch milliseconds of the next attempt to connect. */
  readonly retryAt: number | null;
  readonly cookiesBlocked: boolean;
  /** How the server's protocol differs from this page's; null while they agree. */
  readonly version: "newer" | "older" | null;
}

export function statusOf(
  machine: SyncMachine,
  { retryAt, cookiesBlocked }: Pick<Status, "retryAt" | "cookiesBlocked">,
  now: number,
): Status {
  const { info, board, mode } = machine;
  const roundTrip = machine.heartbeats.roundTripMs;
  return {
    mode,
    hasBitmap: machine.hasBitmap,
    isEmpty: machine.hasBitmap && board.canvas.isEmpty && board.pending.size === 0,
    online: machine.online,
    roundTripMs: roundTrip === null ? null : Math.round(roundTrip),
    waiting: mode === "live" ? 0 : board.pending.size,
    paused: info?.paused ?? false,
    banned: (info?.bannedUntil ?? 0) > machine.serverTime(now),
    notice: info?.notice ?? "",
    role: info?.you.role ?? null,
    limits: info?.limits ?? null,
    retryAt: mode === "offline" ? retryAt : null,
    cookiesBlocked: cookiesBlocked && mode === "offline",
    version: versionOf(machine.otherVersion),
  };
}

function versionOf(version: number | null): Status["version"] {
  if (version === null) return null;
  return version > PROTOCOL_VERSION ? "newer" : "older";
}
