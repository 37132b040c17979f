import { expect, test } from "vitest";
import { REASONS, type ReasonCode } from "../protocol/messages.gen";
import { refusalText } from "./refusals";

test("every reason code has a sentence, known and unknown ones alike", () => {
  for (const code of Object.keys(REASONS) as ReasonCode[]) expect(refusalText(code)).toMatch(/\.$/);
  for (const local of ["offline", "loading", "degraded", "limit", "lost", "reset"] as const)
    expect(refusalText(local)).toMatch(/\.$/);
  expect(refusalText("from_the_future" as ReasonCode)).toBe("This was refused.");
});
