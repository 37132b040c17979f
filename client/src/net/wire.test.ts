import { expect, test } from "vitest";
import type { Outgoing } from "../model/syncTypes";
import { decodeStroke, encodeCellUpdate } from "../protocol/binaryCodec";
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from "../protocol/messages.gen";
import { FrameError } from "../protocol/varint";
import { decode, encodeAll } from "./wire";

const SIZE = { width: 10, height: 10 };

const placement = (id: number, cell: number, stroke = 0): Outgoing => ({
  type: "placement",
  id,
  cell,
  color: 3,
  tool: "brush",
  stroke,
  placedAt: 99,
});

test("binary and JSON bulk updates arrive alike", () => {
  const update = { first: 4, seq: 5, cells: [12, 99], colors: [3, 4] };
  const json = JSON.stringify({
    type: "pixel:bulk_update",
    first: 4,
    seq: 5,
    pixels: [
      [2, 1, 3],
      [9, 9, 4],
    ],
  });
  const binary = encodeCellUpdate(update);
  expect(decode(json, SIZE)).toEqual({ type: "cells", ...update });
  expect(decode(binary.buffer, SIZE)).toEqual({ type: "cells", ...update });
});

test("unknown types are passed over, broken text is an error", () => {
  expect(decode('{"type":"from:the:future"}', SIZE)).toBeNull();
  expect(() => decode("{", SIZE)).toThrow(FrameError);
});

test("order is kept: start, the placements as one frame, end", () => {
  const start: Outgoing = { type: "pixel:stroke:start", stroke: 7, color: 3, tool: "brush" };
  const items = [
    start,
    placement(1, 5, 7),
    placement(2, 6, 7),
    { type: "pixel:stroke:end", stroke: 7 } as const,
  ];
  const [first, frame, last] = encodeAll(items, SUBPROTOCOL_BINARY, SIZE);
  expect(JSON.parse(first as string)).toEqual(start);
  expect(decodeStroke(frame as Uint8Array)).toMatchObject({ id: 1, stroke: 7, cells: [5, 6] });
  expect(JSON.parse(last as string)).toEqual({ type: "pixel:stroke:end", stroke: 7 });
});

test("the JSON subprotocol gets single updates", () => {
  const frames = encodeAll([placement(1, 12), placement(2, 13, 7)], SUBPROTOCOL_JSON, SIZE);
  expect(frames.map((frame) => JSON.parse(frame as string))).toEqual([
    { type: "pixel:update", id: 1, x: 2, y: 1, color: 3, tool: "brush", clientTimestamp: 99 },
    { type: "pixel:update", id: 2, x: 3, y: 1, color: 3, tool: "brush", clientTimestamp: 99, stroke: 7 },
  ]);
});
