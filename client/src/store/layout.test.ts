import { expect, test } from "vitest";
import { insetsFor, layoutOf } from "./layout";

test.each([
  [360, 640, "phone"],
  [390, 500, "phone"],
  [320, 256, "tiny"],
  [640, 400, "low"],
  [844, 390, "low"],
  [700, 900, "phone"],
  [768, 1024, "wide"],
  [2560, 1440, "wide"],
] as const)("%i by %i is %s", (width, height, layout) => {
  expect(layoutOf(width, height)).toBe(layout);
});

test("the palette takes its side, and the hint the bottom", () => {
  const plain = { paletteLeft: false, hint: false };
  const right = insetsFor(1280, 800, plain);
  expect(insetsFor(1280, 800, { ...plain, paletteLeft: true })).toEqual({
    ...right,
    left: right.right,
    right: right.left,
  });
  const phone = insetsFor(360, 640, plain);
  expect(insetsFor(360, 640, { ...plain, paletteLeft: true })).toEqual(phone);
  expect(insetsFor(360, 640, { ...plain, hint: true }).bottom).toBeGreaterThan(phone.bottom);
});
