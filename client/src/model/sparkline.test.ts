import { expect, test } from "vitest";
import { sparkline, trend } from "./sparkline";

test("a line from left to right, high numbers up", () => {
  expect(sparkline([0, 100, 50], 100, 22)).toBe("M0.0 22.0L50.0 2.0L100.0 12.0");
  expect([sparkline([], 10, 10), sparkline([5], 10, 10)]).toEqual(["", ""]);
});

test("the same in words", () => {
  expect(trend([])).toMatch(/No round trip/);
  expect(trend([20.4])).toBe("Round trip 20 ms.");
  expect(trend([20, 90, 31.2])).toBe("Round trip 31 ms; the last 3 were between 20 and 90 ms.");
});
