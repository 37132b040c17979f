import { expect, test } from "vitest";
import { CURATED } from "../protocol/messages.gen";
import { state } from "../testing/builders";
import { applyModeration, infoFromState, lockAt } from "./canvasInfo";

const lock = { id: "l1", x: 2, y: 3, width: 2, height: 1, by: "m", reason: "logo" };
const head = { seq: 1, by: "m", reason: "" };
const info = infoFromState(state(), null);

test("locks come and go; twice is once", () => {
  const locked = applyModeration(info, { ...head, type: "moderation:lock", lock });
  expect(applyModeration(locked, { ...head, type: "moderation:lock", lock }).locks).toEqual([lock]);
  expect(applyModeration(locked, { ...head, type: "moderation:unlock", lock: "l1" }).locks).toEqual([]);
});

test("a lock holds its cells and no others", () => {
  expect([lockAt([lock], 2, 3), lockAt([lock], 3, 3)]).toEqual([lock, lock]);
  expect([lockAt([lock], 4, 3), lockAt([lock], 2, 4), lockAt([lock], 1, 3)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("bans concern their user only, and survive a new state", () => {
  const ban = { ...head, type: "moderation:ban" } as const;
  expect(applyModeration(info, { ...ban, user: "u_2" }).bannedUntil).toBe(0);
  const banned = applyModeration(info, { ...ban, user: "u_1" });
  expect(banned.bannedUntil).toBe(Number.POSITIVE_INFINITY);
  expect(infoFromState(state(), banned).bannedUntil).toBe(Number.POSITIVE_INFINITY);
  expect(applyModeration(banned, { ...ban, user: "u_1", until: 0 }).bannedUntil).toBe(0);
});

test("palette, limits, pause and notice", () => {
  const palette = CURATED.map((swatch, slot) => (slot === 3 ? { hex: "#123456", name: "Ink" } : swatch));
  const limits = { rate: 1, burst: 2, addressRate: 3, addressBurst: 4 };
  expect(applyModeration(info, { ...head, type: "moderation:palette", palette }).palette[3].name).toBe("Ink");
  expect(applyModeration(info, { ...head, type: "moderation:limits", limits }).limits).toEqual(limits);
  expect(applyModeration(info, { ...head, type: "moderation:pause", paused: true }).paused).toBe(true);
  expect(applyModeration(info, { ...head, type: "moderation:notice", text: "Hi" }).notice).toBe("Hi");
});
