import { expect, test } from "vitest";
import { agoText, type PixelRecord, placedText } from "./pixelRecord";

const NOW = 1_000_000_000;

test.each([
  [-5_000, "just now"],
  [9_999, "just now"],
  [59_000, "59 s ago"],
  [61_000, "1 min ago"],
  [3 * 3_600_000 + 1, "3 h ago"],
  [25 * 3_600_000, "yesterday"],
  [80 * 3_600_000, "3 days ago"],
])("%i ms: %s", (passed, text) => expect(agoText(NOW - passed, NOW)).toBe(text));

test("who placed it: a name, you, a guest, nobody", () => {
  const record: PixelRecord = { x: 1, y: 2, color: 7, user: "u_1", userName: "Ada", time: NOW, seq: 3 };
  expect(placedText(record, "u_2", NOW)).toBe("Placed by Ada, just now");
  expect(placedText(record, "u_1", NOW)).toBe("Placed by you, just now");
  expect(placedText({ ...record, userName: null }, null, NOW)).toBe("Placed by a guest, just now");
  expect(placedText({ ...record, userName: "שלום" }, null, NOW)).toBe("Placed by \u2068שלום\u2069, just now");
  expect(placedText({ ...record, user: null, time: null, seq: null }, null, NOW)).toBe("Never painted");
});
