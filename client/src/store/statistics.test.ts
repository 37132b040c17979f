// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EVERY_MS, StatisticsWatch } from "./statistics";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("asked for at once and every 15 s, until nobody looks; a failure keeps the last numbers", async () => {
  let minute = 7;
  const fetch = vi.fn(async () => {
    if (minute < 0) throw new Error("down");
    return { placements: 1, painters: 2, pixelsPerMinute: minute };
  });
  const statistics = new StatisticsWatch(fetch);
  const stop = statistics.watch();
  await vi.advanceTimersByTimeAsync(0);
  expect(statistics.latest.get()?.pixelsPerMinute).toBe(7);
  minute = -1;
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  expect(statistics.latest.get()?.pixelsPerMinute).toBe(7);
  stop();
  await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
  expect(fetch).toHaveBeenCalledTimes(2);
});
