import { expect, test } from "vitest";
import { Canvas, cellAt } from "./canvas";

test("a bitmap of another size is refused", () => {
  expect(() => new Canvas(3, 3, new Uint8Array(8))).toThrow(RangeError);
});

test("set says whether anything changed", () => {
  const canvas = new Canvas(3, 3);
  expect([canvas.set(4, 7), canvas.set(4, 7), canvas.get(4)]).toEqual([true, false, 7]);
});

test("it is empty again when the last colour is erased", () => {
  const canvas = new Canvas(2, 2, Uint8Array.of(0, 3, 0, 0));
  expect(canvas.isEmpty).toBe(false);
  canvas.set(1, 0);
  expect([canvas.isEmpty, canvas.checksum]).toEqual([true, 0]);
});

test("cells outside do not exist", () => {
  const size = { width: 4, height: 3 };
  expect([cellAt(size, 3, 2), cellAt(size, 4, 0), cellAt(size, 0, 3), cellAt(size, -1, 0)]).toEqual([
    11,
    null,
    null,
    null,
  ]);
});

test("a rectangle is copied, not shared", () => {
  const canvas = new Canvas(3, 3, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8));
  const part = canvas.cut({ x: 1, y: 1, width: 2, height: 2 });
  canvas.set(4, 9);
  expect([...part]).toEqual([4, 5, 7, 8]);
});
