import { expect, test } from "vitest";
import { bitmap, SIZE } from "../testing/builders";
import { Board } from "./board";

function boardAt(seq: number): Board {
  const board = new Board(SIZE.width, SIZE.height);
  board.load(bitmap(seq, { 5: 9 }));
  board.changes.take();
  return board;
}

const placement = (id: number, cell: number) =>
  ({ id, cell, color: 3, tool: "brush", stroke: 0, placedAt: 0 }) as const;

test("placing, reverting and applying each name the cells that look different", () => {
  const board = boardAt(1);
  board.place(placement(1, 5));
  expect(board.changes.take()).toEqual({ kind: "cells", cells: [5] });
  board.revert(1);
  expect(board.changes.take()).toEqual({ kind: "cells", cells: [5] });
  board.apply([6, 5], [1, 9], 2);
  expect(board.changes.take()).toEqual({ kind: "cells", cells: [6] });
});

test("the confirmed canvas moves under a pending placement", () => {
  const board = boardAt(1);
  board.place(placement(1, 5));
  board.apply([5], [7], 2);
  expect([board.displayed(5), board.canvas.get(5)]).toEqual([3, 7]);
});

test("a bitmap keeps what is pending and drops what it holds", () => {
  const board = boardAt(1);
  board.place(placement(1, 5));
  board.place(placement(2, 6));
  board.acknowledge(1, 4);
  board.load(bitmap(4, { 5: 3 }));
  expect([board.pending.size, board.displayed(6)]).toEqual([1, 3]);
});
