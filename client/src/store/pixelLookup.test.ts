import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PixelRecord } from "../model/pixelRecord";
import { PixelLookup, REST_MS } from "./pixelLookup";

const record = (x: number, y: number): PixelRecord => ({
  x,
  y,
  color: 7,
  user: "u_1",
  userName: "Ada",
  time: 1,
  seq: 1,
});

let seq: number;
let asked: { readonly x: number; readonly signal: AbortSignal }[];
let lookup: PixelLookup;
const rested = () => vi.advanceTimersByTimeAsync(REST_MS);

beforeEach(() => {
  vi.useFakeTimers();
  [seq, asked] = [5, []];
  lookup = new PixelLookup({
    fetchPixel: async (x, y, signal) => {
      asked.push({ x, signal });
      return record(x, y);
    },
    seq: () => seq,
  });
});

afterEach(() => vi.useRealTimers());

test("passing by asks nothing, resting asks once", async () => {
  for (let x = 0; x < 9; x++) lookup.rest({ x, y: 1 });
  expect(asked).toEqual([]);
  await rested();
  expect([asked.length, lookup.found.get()?.x]).toEqual([1, 8]);
});

test("a cell is known until the canvas moves on", async () => {
  lookup.rest({ x: 3, y: 1 });
  await rested();
  lookup.rest(null);
  expect(lookup.found.get()).toBeNull();
  lookup.rest({ x: 3, y: 1 });
  expect(lookup.found.get()?.x).toBe(3);
  seq++;
  lookup.rest({ x: 3, y: 1 });
  expect(lookup.found.get()).toBeNull();
  await rested();
  expect(asked.length).toBe(2);
});

test("moving on aborts, and a late answer is nobody's", async () => {
  let answer: (found: PixelRecord) => void = () => undefined;
  const late = new PixelLookup({
    fetchPixel: (x, _, signal) => {
      asked.push({ x, signal });
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    seq: () => seq,
  });
  late.rest({ x: 1, y: 1 });
  await rested();
  late.rest({ x: 2, y: 1 });
  expect(asked[0].signal.aborted).toBe(true);
  answer(record(1, 1));
  await vi.advanceTimersByTimeAsync(0);
  expect(late.found.get()).toBeNull();
});

test("without an answer there is nothing to show", async () => {
  const failing = new PixelLookup({ fetchPixel: () => Promise.reject(new Error("down")), seq: () => 0 });
  failing.rest({ x: 1, y: 1 });
  await rested();
  expect(failing.found.get()).toBeNull();
});
