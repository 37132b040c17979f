import { expect, test } from "vitest";
import { type DelayKind, delayMs } from "./backoff";

const rounded = (kind: DelayKind, attempt: number, random: number) =>
  Math.round(delayMs(kind, attempt, random));

test("the back-off grows from 0.25 s to 10 s, half of it random", () => {
  const most = [0, 1, 2, 3, 4, 8, 10_000].map((attempt) => rounded("backoff", attempt, 1));
  expect(most).toEqual([250, 400, 640, 1024, 1638, 10_000, 10_000]);
  expect([rounded("backoff", 0, 0), rounded("backoff", 8, 0)]).toEqual([250, 5000]);
});

test("a restarting server is asked again within a second, later with back-off", () => {
  expect([rounded("restart", 0, 0), rounded("restart", 0, 0.7), rounded("restart", 3, 1)]).toEqual([
    0, 700, 1024,
  ]);
});

test("no delay is no delay", () => {
  expect(delayMs("none", 9, 1)).toBe(0);
});
