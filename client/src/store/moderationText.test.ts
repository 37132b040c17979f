import { expect, test } from "vitest";
import { infoFromState } from "../model/canvasInfo";
import { CURATED } from "../protocol/messages.gen";
import { state } from "../testing/builders";
import { moderationText } from "./moderationText";

const info = infoFromState(state(), null);
const head = { seq: 1, by: "m", reason: "" };
const lock = { id: "l", x: 1, y: 2, width: 30, height: 4, by: "m", reason: "" };
const limits = { rate: 1, burst: 1, addressRate: 1, addressBurst: 1 };

test.each([
  [{ ...head, type: "moderation:lock", lock }, "A region was locked: 30 × 4 cells at 1, 2."],
  [{ ...head, type: "moderation:unlock", lock: "l", reason: "Done" }, "A region was unlocked. Reason: Done"],
  [
    { ...head, type: "moderation:rewind", x: 1, y: 2, width: 3, height: 4, pixels: [] },
    "A region was set back to an earlier state: 3 × 4 cells at 1, 2.",
  ],
  [{ ...head, type: "moderation:palette", palette: CURATED }, "The palette was changed."],
  [{ ...head, type: "moderation:limits", limits }, "The paint limits were changed."],
  [{ ...head, type: "moderation:pause", paused: true }, "A moderator paused the canvas."],
  [{ ...head, type: "moderation:pause", paused: false }, "The canvas is open again."],
  [{ ...head, type: "moderation:ban", user: "u_1" }, "You may not place pixels for now."],
  [{ ...head, type: "moderation:ban", user: "u_1", until: 0 }, "Your ban was lifted."],
  [{ ...head, type: "moderation:ban", user: "u_2" }, "Somebody was banned."],
  [{ ...head, type: "moderation:notice", text: "Party at nine" }, "Notice: Party at nine"],
  [{ ...head, type: "moderation:notice", text: "" }, null],
] as const)("%j", (message, text) => expect(moderationText(message, info)).toBe(text));
