import { beforeEach, expect, test } from "vitest";
import { OwnPixels, WATCHED_MS } from "./ownPixels";

const own = (id: number, cell: number, placedAt = 0) =>
  ({ id, cell, color: 3, tool: "brush", stroke: 0, placedAt }) as const;

let pixels: OwnPixels;
beforeEach(() => {
  pixels = new OwnPixels();
  pixels.placed(own(1, 5));
});

test("painted over after the ack: told once", () => {
  pixels.acknowledged(own(1, 5), 10);
  expect(pixels.overwritten([4, 5], [9, 9], 11, 100)).toBe(1);
  expect(pixels.overwritten([5], [8], 12, 100)).toBe(0);
});

test("the same colour, an older change and an unanswered placement are no conflict", () => {
  expect(pixels.overwritten([5], [9], 9, 100)).toBe(0);
  pixels.acknowledged(own(1, 5), 10);
  expect(pixels.overwritten([5], [9], 9, 100)).toBe(0);
  expect(pixels.overwritten([5], [3], 11, 100)).toBe(0);
});

test("after a while nobody wants to know", () => {
  pixels.acknowledged(own(1, 5), 10);
  expect(pixels.overwritten([5], [9], 11, WATCHED_MS + 1)).toBe(0);
  pixels.placed(own(2, 6, WATCHED_MS * 3));
  expect(pixels.overwritten([5], [9], 12, WATCHED_MS * 3)).toBe(0);
});

test("the newest own placement of a cell counts; refused and rewound ones do not", () => {
  pixels.placed(own(2, 5));
  pixels.acknowledged(own(1, 5), 10);
  expect(pixels.overwritten([5], [9], 11, 0)).toBe(0);
  pixels.refused(own(2, 5));
  pixels.placed(own(3, 7));
  pixels.acknowledged(own(3, 7), 12);
  pixels.forget([7]);
  expect(pixels.overwritten([5, 7], [9, 9], 13, 0)).toBe(0);
});
