// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { RecentColors, readRecent } from "./recentColors";

beforeEach(() => localStorage.clear());

test("the last eight, newest first, each once, remembered", () => {
  const recent = new RecentColors();
  for (const slot of [1, 2, 3, 4, 5, 6, 7, 8, 9, 240, 240]) recent.use(slot);
  expect(recent.list.get()).toEqual([240, 9, 8, 7, 6, 5, 4, 3]);
  expect(new RecentColors().list.get()).toEqual(recent.list.get());
});

test("one that is there already stays where it is: nothing jumps under the pointer", () => {
  const recent = new RecentColors();
  for (const slot of [1, 2, 1]) recent.use(slot);
  expect(recent.list.get()).toEqual([2, 1]);
});

test("what makes no sense is left out", () => {
  expect(readRecent("3,x,999,-1,3,1.5,4")).toEqual([3, 4]);
});
