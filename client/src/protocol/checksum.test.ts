import fc from "fast-check";
import { expect, test } from "vitest";
import { Canvas } from "../model/canvas";
import { cellHash, checksumOf } from "./checksum";

test("the background hashes to nothing", () => {
  expect(cellHash(809_999, 0)).toBe(0);
  expect(checksumOf(new Uint8Array(100))).toBe(0);
});

test("the incremental checksum equals the one of the whole", () => {
  const change = fc.tuple(fc.nat(99), fc.nat(247));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const canvas = new Canvas(10, 10);
      const pixels = new Uint8Array(100);
      for (const [cell, color] of changes) {
        canvas.set(cell, color);
        pixels[cell] = color;
      }
      expect(canvas.checksum).toBe(checksumOf(pixels));
      expect(canvas.isEmpty).toBe(pixels.every((color) => color === 0));
    }),
  );
});
