import { beforeEach, expect, test } from "vitest";
import type { PaintRequest, PaintResult } from "../model/placing";
import type { Refusal } from "../model/refusals";
import type { StrokeEnd, StrokeStart } from "../protocol/messages.gen";
import { Painter } from "./painter";

const INK = { color: 5, tool: "brush" } as const;

let requests: PaintRequest[];
let announced: (StrokeStart | StrokeEnd)[];
let toldOf: number[];
let told: Refusal[];
let answer: PaintResult;
let painter: Painter;

beforeEach(() => {
  [requests, announced, told, toldOf] = [[], [], [], []];
  answer = { placed: 99, refusal: null };
  painter = new Painter(
    {
      size: () => ({ width: 10, height: 10 }),
      paint: (request) => {
        requests.push(request);
        return answer;
      },
      announce: (message) => announced.push(message),
      refused: (reason, cells) => {
        told.push(reason);
        toldOf.push(...cells);
      },
    },
    70,
  );
});

const painted = () => requests.flatMap((request) => request.cells);

test("a click is one placement and nothing else", () => {
  painter.dot({ x: 3, y: 2 }, INK);
  expect([requests, announced]).toEqual([[{ cells: [23], stroke: 70, ...INK }], []]);
});

test("a drag is announced, gap-free, and ends", () => {
  painter.begin({ x: 0, y: 0 }, INK);
  painter.extend([
    { x: 3, y: 0 },
    { x: 3, y: 2 },
  ]);
  painter.end();
  expect(painted()).toEqual([0, 1, 2, 3, 13, 23]);
  expect(announced).toEqual([
    { type: "pixel:stroke:start", stroke: 70, ...INK },
    { type: "pixel:stroke:end", stroke: 70 },
  ]);
});

test("each cell is painted once a stroke, again in the next", () => {
  painter.begin({ x: 0, y: 0 }, INK);
  painter.extend([
    { x: 2, y: 0 },
    { x: 0, y: 0 },
  ]);
  expect(painted()).toEqual([0, 1, 2]);
  painter.begin({ x: 0, y: 0 }, INK);
  expect(painted()).toEqual([0, 1, 2, 0]);
});

test("the way may leave the canvas and come back", () => {
  painter.begin({ x: 8, y: 0 }, INK);
  painter.extend([
    { x: 12, y: 0 },
    { x: 9, y: 1 },
  ]);
  expect(painted()).toEqual([8, 9, 19]);
});

test("the limit stops the stroke until the pointer is lifted, and is told once", () => {
  painter.begin({ x: 0, y: 0 }, INK);
  answer = { placed: 1, refusal: "limit" };
  painter.extend([{ x: 4, y: 0 }]);
  painter.extend([{ x: 9, y: 0 }]);
  expect([painter.isStopped, told, requests.length]).toEqual([true, ["limit"], 2]);
  painter.end();
  expect(painter.isStopped).toBe(false);
});

test("a lock is told once, and the stroke goes on behind it", () => {
  answer = { placed: 0, refusal: "locked" };
  painter.begin({ x: 0, y: 0 }, INK);
  painter.extend([{ x: 1, y: 0 }]);
  answer = { placed: 1, refusal: null };
  painter.extend([{ x: 2, y: 0 }]);
  expect([told, painter.isStopped, painted()]).toEqual([["locked"], false, [0, 1, 2]]);
  expect(toldOf).toEqual([0]);
});
