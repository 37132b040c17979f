import { expect, test } from "vitest";
import { Outage } from "./outage";

test("the first connection is no reconnection; coming back is told once, with how long it took", () => {
  const outage = new Outage();
  expect([outage.follow("offline", 0), outage.follow("loading", 1), outage.follow("live", 2)]).toEqual([
    null,
    null,
    null,
  ]);
  expect([
    outage.follow("offline", 10),
    outage.follow("offline", 20),
    outage.follow("catching-up", 29),
  ]).toEqual([null, null, null]);
  expect([outage.follow("live", 30), outage.follow("live", 31)]).toEqual([20, null]);
});
