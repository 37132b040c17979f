/** The golden vectors that Python and TypeScript share: both sides read and write the same bytes. */

import { describe, expect, test } from "vitest";
import vectors from "../../../tests/vectors/protocol.json";
import { line } from "../model/line";
import { Palette } from "../model/palette";
import { decode, encode } from "../net/wire";
import {
  decodeCellUpdate,
  decodeStroke,
  encodeCellUpdate,
  encodeStroke,
  type StrokeFrame,
} from "./binaryCodec";
import { checksumOf } from "./checksum";
import type { ClientMessage } from "./messages.gen";
import { FrameError } from "./varint";

const WIDTH = 900;
const CELLS = WIDTH * 900;

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (data: Uint8Array) => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe("bulk updates", () => {
  test.each(vectors.bulkUpdates)("decode $hex", ({ message, hex }) => {
    const update = decodeCellUpdate(bytes(hex), CELLS);
    const pixels = update.cells.map((cell, index) => [
      cell % WIDTH,
      Math.floor(cell / WIDTH),
      update.colors[index],
    ]);
    expect({ first: update.first, seq: update.seq, pixels }).toEqual({
      first: message.first,
      seq: message.seq,
      pixels: message.pixels,
    });
  });

  test.each(vectors.bulkUpdates)("encode $hex", ({ message, hex }) => {
    const pixels = message.pixels as number[][];
    const cells = pixels.map(([x, y]) => y * WIDTH + x);
    const colors = pixels.map((pixel) => pixel[2]);
    expect(hexOf(encodeCellUpdate({ first: message.first, seq: message.seq, cells, colors }))).toBe(hex);
  });

  test.each(vectors.brokenBulkUpdates)("refuse %j", (hex) => {
    expect(() => decodeCellUpdate(bytes(hex), CELLS)).toThrow(FrameError);
  });
});

describe("strokes", () => {
  test.each(vectors.strokes)("encode and decode $hex", ({ frame, hex }) => {
    expect(hexOf(encodeStroke(frame as StrokeFrame))).toBe(hex);
    expect(decodeStroke(bytes(hex))).toEqual(frame);
  });

  test.each(vectors.brokenStrokes)("refuse %j", (hex) => {
    expect(() => decodeStroke(bytes(hex))).toThrow(FrameError);
  });
});

test("checksums", () => {
  for (const { cells, checksum } of vectors.checksums) {
    const pixels = new Uint8Array(CELLS);
    for (const [cell, color] of cells) pixels[cell] = color;
    expect(checksumOf(pixels)).toBe(checksum);
  }
});

test("lines", () => {
  for (const { from, to, cells } of vectors.lines) {
    const way = line({ x: from[0], y: from[1] }, { x: to[0], y: to[1] });
    expect(way.map(({ x, y }) => [x, y])).toEqual(cells);
  }
});

test("nearest colours", () => {
  const palette = new Palette();
  for (const { rgb, any, safe } of vectors.nearest) {
    const color = rgb as [number, number, number];
    expect(palette.nearest(color)).toBe(any);
    expect(palette.nearestSafe(color)).toBe(safe);
  }
});

describe("JSON messages", () => {
  test.each(vectors.serverMessages)("read $type", (message) => {
    const read = decode(JSON.stringify(message), { width: 900, height: 900 });
    if (message.type !== "pixel:bulk_update") expect(read).toEqual(message);
    else expect(read).toEqual({ type: "cells", first: 43, seq: 44, cells: [1801, 4504], colors: [3, 6] });
  });

  test.each(vectors.clientMessages)("write $type", (message) => {
    expect(JSON.parse(encode(message as ClientMessage))).toEqual(message);
  });
});
