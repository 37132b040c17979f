/** What moderators did, in words; null where there is nothing to say. */

import type { CanvasInfo, ModerationMessage } from "../model/canvasInfo";
import type { LockInfo } from "../protocol/messages.gen";

export function moderationText(message: ModerationMessage, info: CanvasInfo | null): string | null {
  const why = message.reason ? ` Reason: ${message.reason}` : "";
  switch (message.type) {
    case "moderation:lock":
      return `A region was locked: ${area(message.lock)}.${why}`;
    case "moderation:unlock":
      return `A region was unlocked.${why}`;
    case "moderation:rewind":
      return `A region was set back to an earlier state: ${area(message)}.${why}`;
    case "moderation:palette":
      return `The palette was changed.${why}`;
    case "moderation:limits":
      return `The paint limits were changed.${why}`;
    case "moderation:pause":
      return `${message.paused ? "A moderator paused the canvas." : "The canvas is open again."}${why}`;
    case "moderation:ban":
      return `${banText(message.user === info?.you.user, message.until)}${why}`;
    case "moderation:notice":
      return message.text ? `Notice: ${message.text}` : null;
  }
}

function area({ x, y, width, height }: Pick<LockInfo, "x" | "y" | "width" | "height">): string {
  return `${width} × ${height} cells at ${x}, ${y}`;
}

function banText(you: boolean, until: number | undefined): string {
  if (until === 0) return you ? "Your ban was lifted." : "Somebody’s ban was lifted.";
  return you ? "You may not place pixels for now." : "Somebody was banned.";
}
