import { expect, test } from "vitest";
import { createClock } from "./clock";

test("time goes on during sleep, and does not follow a clock that is set back or a little forward", () => {
  let [steady, wall] = [1_000, 500_000];
  const now = createClock(
    () => steady,
    () => wall,
  );
  const after = (steadily: number, onTheWall: number) => {
    [steady, wall] = [steady + steadily, wall + onTheWall];
    return now();
  };
  expect(after(500, 500)).toBe(1_500);
  expect(after(500, 3_600_500)).toBe(3_602_000);
  expect(after(500, -7_200_000)).toBe(3_602_500);
  expect(after(500, 1_700)).toBe(3_603_000);
});
