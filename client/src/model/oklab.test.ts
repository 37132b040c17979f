import { expect, test } from "vitest";
import { distanceSquared, toOklab } from "./oklab";

test("black, white and grey lie on the lightness axis", () => {
  const [black, white, gray] = [toOklab([0, 0, 0]), toOklab([255, 255, 255]), toOklab([128, 128, 128])];
  expect(black[0]).toBeCloseTo(0, 5);
  expect(white[0]).toBeCloseTo(1, 5);
  for (const lab of [black, white, gray]) expect(Math.hypot(lab[1], lab[2])).toBeLessThan(1e-4);
});

test("distance is symmetric and zero only to itself", () => {
  const [red, blue] = [toOklab([255, 0, 0]), toOklab([0, 0, 255])];
  expect(distanceSquared(red, blue)).toBe(distanceSquared(blue, red));
  expect([distanceSquared(red, red), distanceSquared(red, blue) > 0]).toEqual([0, true]);
});
