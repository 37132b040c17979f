import { beforeEach, expect, test } from "vitest";
import { bitmap, SIZE } from "../testing/builders";
import { Board } from "./board";
import { Placing } from "./placing";
import { TokenMeter } from "./tokenMeter";

let board: Board;
let placing: Placing;

beforeEach(() => {
  board = new Board(SIZE.width, SIZE.height);
  board.load(bitmap(1));
  const meter = new TokenMeter();
  meter.sync({ rate: 1, burst: 5, addressRate: 1, addressBurst: 1 }, 5, 0);
  placing = new Placing(board, meter, 40);
});

const paint = (cells: number[], locks: Parameters<Placing["paint"]>[1] = []) =>
  placing.paint({ cells, color: 2, tool: "brush", stroke: 0 }, locks, 0);

test("locked cells cost nothing of the limit", () => {
  const lock = { id: "l", x: 0, y: 0, width: 10, height: 1, by: "m", reason: "" };
  expect(paint([1, 2, 3, 11], [lock])).toEqual({ placed: 1, refusal: "locked" });
  expect(paint([21, 22, 23, 24, 25])).toEqual({ placed: 4, refusal: "limit" });
});

test("the order of strokes and placements is kept", () => {
  placing.announce({ type: "pixel:stroke:start", stroke: 1, color: 2, tool: "brush" });
  paint([5]);
  placing.announce({ type: "pixel:stroke:end", stroke: 1 });
  expect(placing.take(0).map((item) => item.type)).toEqual([
    "pixel:stroke:start",
    "placement",
    "pixel:stroke:end",
  ]);
  expect(placing.take(0)).toEqual([]);
});

test("after a loss only placements go out again, once each", () => {
  paint([5]);
  placing.take(0);
  paint([6]);
  placing.discard();
  expect(placing.take(0)).toEqual([]);
  placing.resend();
  expect(placing.take(0)).toMatchObject([
    { id: 40, cell: 5 },
    { id: 41, cell: 6 },
  ]);
});
