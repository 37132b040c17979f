/** What moderators did, in words; null where the page shows it in another way. */

import type { CanvasInfo, ModerationMessage } from "../model/canvasInfo";

export function moderationText(message: ModerationMessage, info: CanvasInfo | null): string | null {
  const why = message.reason ? ` Reason: ${message.reason}` : "";
  switch (message.type) {
    case "moderation:lock":
      return `A region was locked.${why}`;
    case "moderation:unlock":
      return `A region was unlocked.${why}`;
    case "moderation:rewind":
      return `A region was set back to an earlier state.${why}`;
    case "moderation:palette":
      return `The palette was changed.${why}`;
    case "moderation:limits":
      return `The paint limits were changed.${why}`;
    case "moderation:pause":
      return message.paused ? null : "The canvas is open again.";
    case "moderation:ban":
      if (message.user !== info?.you.user) return null;
      return message.until === 0 ? "Your ban was lifted." : `You may not place pixels for now.${why}`;
    case "moderation:notice":
      return null;
  }
}
