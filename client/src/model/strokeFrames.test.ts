import { expect, test } from "vitest";
import type { Placement } from "./pending";
import { strokeFrames } from "./strokeFrames";

const run = (from: number, count: number, fields: Partial<Placement> = {}): Placement[] =>
  Array.from({ length: count }, (_, index) => ({
    id: from + index,
    cell: index,
    color: 1,
    tool: "brush",
    stroke: 4,
    placedAt: 9,
    ...fields,
  }));

test("one run is one frame", () => {
  expect(strokeFrames(run(10, 3))).toEqual([
    { id: 10, color: 1, tool: "brush", stroke: 4, clientTimestamp: 9, cells: [0, 1, 2] },
  ]);
  expect(strokeFrames([])).toEqual([]);
});

test("a frame ends at 256 pixels and where id, colour, tool or stroke change", () => {
  const placements = [
    ...run(0, 300),
    ...run(300, 2, { color: 2 }),
    ...run(302, 2, { color: 2, tool: "eraser" }),
    ...run(304, 1, { color: 2, tool: "eraser", stroke: 5 }),
    ...run(400, 1, { color: 2, tool: "eraser", stroke: 5 }),
  ];
  expect(strokeFrames(placements).map((frame) => [frame.id, frame.cells.length])).toEqual([
    [0, 256],
    [256, 44],
    [300, 2],
    [302, 2],
    [304, 1],
    [400, 1],
  ]);
});
