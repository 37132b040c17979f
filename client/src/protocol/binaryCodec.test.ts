import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeCellUpdate,
  decodeStroke,
  encodeCellUpdate,
  encodeStroke,
  type StrokeFrame,
} from "./binaryCodec";
import { COLOR_COUNT, TOOLS } from "./messages.gen";
import { FrameError } from "./varint";

const CELLS = 900 * 900;
const cell = fc.integer({ min: 0, max: CELLS - 1 });
const color = fc.integer({ min: 0, max: COLOR_COUNT - 1 });
const safe = fc.maxSafeNat();

const update = fc
  .record({
    first: fc.integer({ min: 1, max: 2 ** 52 }),
    span: fc.nat(10_000),
    cells: fc.uniqueArray(cell),
    color,
  })
  .chain(({ first, span, cells }) =>
    fc.record({
      first: fc.constant(first),
      seq: fc.constant(first + span),
      cells: fc.constant(cells.sort((a, b) => a - b)),
      colors: fc.array(color, { minLength: cells.length, maxLength: cells.length }),
    }),
  );

const stroke: fc.Arbitrary<StrokeFrame> = fc.record({
  id: fc.integer({ min: 0, max: 2 ** 52 }),
  color,
  tool: fc.constantFrom(...TOOLS),
  stroke: safe,
  clientTimestamp: safe,
  cells: fc.array(cell, { minLength: 1, maxLength: 256 }),
});

describe("binary codec", () => {
  test("what is written can be read", () => {
    fc.assert(
      fc.property(update, (one) => {
        expect(decodeCellUpdate(encodeCellUpdate(one), CELLS)).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(stroke, (one) => {
        expect(decodeStroke(encodeStroke(one))).toEqual(one);
      }),
    );
  });

  test("no bytes do worse than a FrameError", () => {
    const tryTo = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        expect(error).toBeInstanceOf(FrameError);
      }
    };
    const frame = fc.uint8Array({ maxLength: 64 });
    fc.assert(
      fc.property(frame, fc.constantFrom(0x01, 0x81), (rest, opcode) => {
        const data = Uint8Array.from([opcode, ...rest]);
        tryTo(() => decodeCellUpdate(data, CELLS));
        tryTo(() => decodeStroke(data));
      }),
      { numRuns: 500 },
    );
  });

  test("a cut frame never reads as the whole one", () => {
    fc.assert(
      fc.property(stroke, fc.nat(), (one, where) => {
        const data = encodeStroke(one);
        expect(() => decodeStroke(data.subarray(0, where % data.length))).toThrow(FrameError);
      }),
    );
  });

  test("a full stroke stays far below the largest message", () => {
    const cells = Array.from({ length: 256 }, (_, index) => (index % 2) * (CELLS - 1));
    const data = encodeStroke({
      id: 2 ** 52,
      color: 1,
      tool: "brush",
      stroke: 1,
      clientTimestamp: 1.8e12,
      cells,
    });
    expect(data.length).toBeLessThan(1_500);
  });
});
