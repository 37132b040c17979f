import { expect, test } from "vitest";
import { heartbeat } from "../testing/builders";
import { Heartbeats } from "./heartbeat";

test("replies are judged by seq and checksum", () => {
  const beats = new Heartbeats();
  const judge = (theirs: number, checksum: number, own = 10) =>
    beats.judge(heartbeat(theirs, checksum), own, 5, 0);
  expect([judge(10, 5), judge(10, 6), judge(9, 6), judge(11, 5), judge(12, 5)]).toEqual([
    "equal",
    "different",
    "equal",
    "behind",
    "stuck",
  ]);
  expect([judge(13, 5, 11), judge(11, 5, 11), judge(14, 5, 11)]).toEqual(["behind", "equal", "behind"]);
});

test("a stopped one is never due and forgets the round trip", () => {
  const beats = new Heartbeats();
  beats.start(0);
  beats.judge(heartbeat(1, 0, 0), 1, 0, 30);
  expect(beats.roundTripMs).toBe(30);
  beats.stop();
  expect([beats.takeDue(1e9), beats.roundTripMs]).toEqual([false, null]);
});

test("an answered probe is forgotten", () => {
  const beats = new Heartbeats();
  beats.start(0);
  beats.probe(0);
  beats.judge(heartbeat(1, 0), 1, 0, 100);
  expect(beats.isDead(10_000)).toBe(false);
});

test("the last forty round trips are kept, and one can be asked for early", () => {
  const beats = new Heartbeats();
  beats.start(0);
  expect(beats.takeDue(100)).toBe(false);
  beats.hurry(100);
  expect(beats.takeDue(100)).toBe(true);
  for (let trip = 0; trip < 50; trip++) beats.judge(heartbeat(1, 0, 0), 1, 0, trip);
  expect([beats.history.length, beats.history[0], beats.history.at(-1)]).toEqual([40, 10, 49]);
});
