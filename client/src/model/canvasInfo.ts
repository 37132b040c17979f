/** Everything about the canvas but its pixels: limits, locks, palette, notice, who we are. Immutable. */

import type {
  CanvasStateMessage,
  LimitsInfo,
  LockInfo,
  ModerationBan,
  ModerationLimits,
  ModerationLock,
  ModerationNotice,
  ModerationPalette,
  ModerationPause,
  ModerationRewind,
  ModerationUnlock,
  SwatchInfo,
  You,
} from "../protocol/messages.gen";

export type ModerationMessage =
  | ModerationLock
  | ModerationUnlock
  | ModerationRewind
  | ModerationBan
  | ModerationPalette
  | ModerationLimits
  | ModerationPause
  | ModerationNotice;

export interface CanvasInfo {
  readonly palette: readonly SwatchInfo[];
  readonly limits: LimitsInfo;
  readonly locks: readonly LockInfo[];
  readonly paused: boolean;
  readonly notice: string;
  readonly you: You;
  /** This user is banned until then (epoch milliseconds, Infinity: for good); 0: not banned. */
  readonly bannedUntil: number;
}

export function infoFromState(state: CanvasStateMessage, before: CanvasInfo | null): CanvasInfo {
  return {
    palette: state.palette,
    limits: state.limits,
    locks: state.locks,
    paused: state.paused,
    notice: state.notice ?? "",
    you: state.you,
    bannedUntil: before?.you.user === state.you.user ? before.bannedUntil : 0,
  };
}

/** Return the info after a moderation message; applying one twice changes nothing more. */
export function applyModeration(info: CanvasInfo, message: ModerationMessage): CanvasInfo {
  switch (message.type) {
    case "moderation:lock":
      return { ...info, locks: [...withoutLock(info, message.lock.id), message.lock] };
    case "moderation:unlock":
      return { ...info, locks: withoutLock(info, message.lock) };
    case "moderation:palette":
      return { ...info, palette: message.palette };
    case "moderation:limits":
      return { ...info, limits: message.limits };
    case "moderation:pause":
      return { ...info, paused: message.paused };
    case "moderation:notice":
      return { ...info, notice: message.text };
    case "moderation:ban":
      if (message.user !== info.you.user) return info;
      return { ...info, bannedUntil: message.until ?? Number.POSITIVE_INFINITY };
    case "moderation:rewind":
      return info;
  }
}

/** Return a lock that holds the cell, if any. */
export function lockAt(locks: readonly LockInfo[], x: number, y: number): LockInfo | undefined {
  return locks.find(
    (lock) => x >= lock.x && y >= lock.y && x < lock.x + lock.width && y < lock.y + lock.height,
  );
}

function withoutLock(info: CanvasInfo, id: string): LockInfo[] {
  return info.locks.filter((lock) => lock.id !== id);
}
