import { beforeEach, expect, test } from "vitest";
import { PendingPlacements, type Placement } from "./pending";

let pending: PendingPlacements;

const placement = (id: number, cell: number, color: number, placedAt = 0): Placement => ({
  id,
  cell,
  color,
  tool: "brush",
  stroke: 0,
  placedAt,
});

beforeEach(() => {
  pending = new PendingPlacements();
  pending.add(placement(1, 7, 3));
  pending.add(placement(2, 7, 4, 100));
  pending.add(placement(3, 8, 5, 200));
});

test("the newest of a cell shows; under it waits the older one", () => {
  expect([pending.colorAt(7), pending.colorAt(8), pending.colorAt(9)]).toEqual([4, 5, undefined]);
  pending.remove(2);
  expect(pending.colorAt(7)).toBe(3);
  pending.remove(1);
  expect(pending.colorAt(7)).toBeUndefined();
});

test("settling removes what is acknowledged up to a seq", () => {
  pending.acknowledge(1, 10);
  pending.acknowledge(3, 12);
  expect(pending.settle(11).map(({ id }) => id)).toEqual([1]);
  expect(pending.unanswered().map(({ id }) => id)).toEqual([2]);
  expect(pending.size).toBe(2);
});

test("expiring spares what was answered", () => {
  pending.acknowledge(1, 10);
  expect(pending.expire(150).map(({ id }) => id)).toEqual([2]);
});

test("only what was sent on this connection can be overdue", () => {
  expect(pending.hasUnansweredSince(1_000)).toBe(false);
  pending.markSent([placement(1, 7, 3)], 500);
  expect(pending.hasUnansweredSince(1_000)).toBe(true);
  pending.markUnsent();
  expect(pending.hasUnansweredSince(1_000)).toBe(false);
});

test("cells are marked by their newest placement", () => {
  expect([...pending.cellsOlderThan(150)]).toEqual([7]);
  expect([...pending.cellsOlderThan(50)]).toEqual([]);
});

test("unknown ids change nothing", () => {
  expect([pending.acknowledge(9, 1), pending.remove(9)]).toEqual([false, undefined]);
});
