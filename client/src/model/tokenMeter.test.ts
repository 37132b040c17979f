import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenMeter } from "./tokenMeter";

function meter(rate: number, burst: number, tokens = burst): TokenMeter {
  const one = new TokenMeter();
  one.sync({ rate, burst, addressRate: 100, addressBurst: 1000 }, tokens, 0);
  return one;
}

test("a full bucket gives all but its reserve, then what grows", () => {
  const one = meter(20, 200);
  expect([one.take(500, 0), one.take(1, 0)]).toEqual([199, 0]);
  one.setInFlight(0, 0);
  expect(one.take(10, 100)).toBe(2);
});

test("it never holds more than its size", () => {
  expect(meter(20, 200, 999).available(1e9)).toBe(200);
});

test("a cooldown of one pixel has no reserve and says how long", () => {
  const one = meter(1 / 30, 1);
  expect([one.take(1, 0), one.waitMs(0)]).toEqual([1, 30_000]);
  one.setInFlight(0, 0);
  expect([one.waitMs(29_000), one.take(1, 30_001)]).toEqual([1_000, 1]);
});

test("a refusal holds for as long as the server said", () => {
  const one = meter(20, 200);
  one.refused(500, 0);
  expect([one.take(1, 400), one.take(1, 600)]).toEqual([0, 1]);
});

test("without limits nothing is granted", () => {
  expect(new TokenMeter().take(1, 1_000)).toBe(0);
});

test("what is on its way keeps the bucket from filling up", () => {
  const one = meter(4, 3);
  expect([one.take(3, 0), one.available(5_000)]).toEqual([3, 0]);
  one.setInFlight(0, 5_000);
  expect([one.take(1, 5_200), one.take(3, 5_500), one.available(6_500)]).toEqual([0, 2, 1]);
});

test("[PLACE-3] the server grants whatever the meter granted, however slow the way there and back", () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 2_000 }),
    wanted: fc.integer({ min: 1, max: 5 }),
    there: fc.integer({ min: 0, max: 3_000 }),
    back: fc.integer({ min: 0, max: 3_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (steps, burst) => {
      const rate = 4;
      const client = meter(rate, burst);
      const events: { at: number; happens: (now: number) => void }[] = [];
      let inFlight = 0;
      let tokens = burst;
      let grownAt = 0;
      let [sentAt, arrivesAt, answeredAt] = [0, 0, 0];
      for (const { wait, wanted, there, back } of steps) {
        sentAt += wait;
        // One connection keeps its order.
        arrivesAt = Math.max(arrivesAt, sentAt + there);
        answeredAt = Math.max(answeredAt, arrivesAt + back);
        let granted = 0;
        const send = (now: number) => {
          granted = client.take(wanted, now);
          inFlight += granted;
        };
        const arrive = (now: number) => {
          tokens = Math.min(burst, tokens + ((now - grownAt) / 1000) * rate) - granted;
          grownAt = now;
          expect(tokens).toBeGreaterThanOrEqual(-1e-9);
        };
        const answer = (now: number) => {
          inFlight -= granted;
          client.setInFlight(inFlight, now);
        };
        events.push(
          { at: sentAt, happens: send },
          { at: arrivesAt, happens: arrive },
          { at: answeredAt, happens: answer },
        );
      }
      // The sort is stable: what happens at one moment keeps its order.
      for (const { at, happens } of events.sort((one, other) => one.at - other.at)) happens(at);
    }),
    { numRuns: 500 },
  );
});
