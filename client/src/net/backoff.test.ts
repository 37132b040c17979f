import { expect, test } from "vitest";
import { delayMs } from "./backoff";

test("the back-off doubles from 0.25 s to 10 s, half of it random", () => {
  const most = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => delayMs("backoff", attempt, 1));
  expect(most).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect([delayMs("backoff", 0, 0), delayMs("backoff", 4, 0)]).toEqual([250, 2000]);
});

test("a restarting server is asked again within a second, later with back-off", () => {
  expect([delayMs("restart", 0, 0), delayMs("restart", 0, 0.7), delayMs("restart", 3, 1)]).toEqual([
    0, 700, 2000,
  ]);
});

test("no delay is no delay", () => {
  expect(delayMs("none", 9, 1)).toBe(0);
});
