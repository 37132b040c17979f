import { expect, test } from "vitest";
import { TokenMeter } from "./tokenMeter";

function meter(rate: number, burst: number, tokens = burst): TokenMeter {
  const one = new TokenMeter();
  one.sync({ rate, burst, addressRate: 100, addressBurst: 1000 }, tokens, 0);
  return one;
}

test("a full bucket gives all but its reserve, then what grows", () => {
  const one = meter(20, 200);
  expect([one.take(500, 0), one.take(1, 0), one.take(10, 100)]).toEqual([199, 0, 2]);
});

test("it never holds more than its size", () => {
  expect(meter(20, 200, 999).available(1e9)).toBe(200);
});

test("a cooldown of one pixel has no reserve and says how long", () => {
  const one = meter(1 / 30, 1);
  expect([one.take(1, 0), one.waitMs(0), one.waitMs(29_000), one.take(1, 30_001)]).toEqual([
    1, 30_000, 1_000, 1,
  ]);
});

test("a refusal holds for as long as the server said", () => {
  const one = meter(20, 200);
  one.refused(500, 0);
  expect([one.take(1, 400), one.take(1, 600)]).toEqual([0, 1]);
});

test("without limits nothing is granted", () => {
  expect(new TokenMeter().take(1, 1_000)).toBe(0);
});
