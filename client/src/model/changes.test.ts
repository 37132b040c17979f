import { expect, test } from "vitest";
import { ChangeList } from "./changes";

test("at first everything changed, then only what was added", () => {
  const changes = new ChangeList();
  expect(changes.take()).toEqual({ kind: "all" });
  expect(changes.isEmpty).toBe(true);
  changes.add(4);
  changes.add(9);
  expect(changes.take()).toEqual({ kind: "cells", cells: [4, 9] });
  expect(changes.isEmpty).toBe(true);
});

test("a flood, as after a long time in the background, becomes everything", () => {
  const changes = new ChangeList();
  changes.take();
  for (let cell = 0; cell <= 20_000; cell++) changes.add(cell);
  changes.add(1);
  expect(changes.take()).toEqual({ kind: "all" });
});
