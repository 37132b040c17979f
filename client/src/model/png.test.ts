import { expect, test } from "vitest";
import { chunk, pngStart, scanlines } from "./png";

test("the end chunk is the one every PNG ends with", () => {
  expect([...chunk("IEND", new Uint8Array())]).toEqual([0, 0, 0, 0, 73, 69, 78, 68, 0xae, 0x42, 0x60, 0x82]);
});

test("size and colours come first", () => {
  const [signature, header, colors] = pngStart({ width: 300, height: 2 }, [
    [255, 0, 0],
    [1, 2, 3],
  ]);
  expect(signature.length).toBe(8);
  expect([...header.slice(8, 21)]).toEqual([0, 0, 1, 44, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
  expect([...colors.slice(8, 14)]).toEqual([255, 0, 0, 1, 2, 3]);
});

test("a row of cells at scale 3: once in full, then twice as above", () => {
  const lines = [...scanlines(Uint8Array.of(7, 9), 3)];
  expect(lines).toEqual([0, 7, 7, 7, 9, 9, 9, 2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
});
