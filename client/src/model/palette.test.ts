import { expect, test } from "vitest";
import { COLOR_COUNT, CURATED, SAFE_FIRST } from "../protocol/messages.gen";
import { formatHex, inkOn, isLight, Palette, parseHex, readHex, signOf } from "./palette";

const palette = new Palette();

test("every slot has a colour, curated ones a name", () => {
  expect(palette.colors).toHaveLength(COLOR_COUNT);
  expect([palette.name(0), palette.name(SAFE_FIRST), palette.hex(COLOR_COUNT - 1)]).toEqual([
    "White",
    "#000000",
    "#ffffff",
  ]);
});

test("an edited palette shows and finds its new colour", () => {
  const edited = new Palette(
    CURATED.map((swatch, slot) => (slot === 9 ? { hex: "#102030", name: "Night" } : swatch)),
  );
  expect([edited.hex(9), edited.name(9), edited.nearest([16, 32, 48])]).toEqual(["#102030", "Night", 9]);
});

test("a custom colour that the palette has is the palette's, any other the nearest web-safe one", () => {
  expect(palette.snap([255, 69, 0])).toBe(7);
  expect(palette.snap([255, 255, 255])).toBe(0);
  expect(palette.hex(palette.snap([255, 70, 0]))).toBe("#ff3300");
  expect(palette.snap([255, 70, 0])).toBeGreaterThanOrEqual(SAFE_FIRST);
});

test("hex there and back", () => {
  for (const hex of ["#000000", "#0a0b0c", "#ffffff"]) expect(formatHex(parseHex(hex))).toBe(hex);
});

test("marks are dark on yellow and light on blue", () => {
  expect([isLight([255, 214, 53]), isLight([36, 80, 164])]).toEqual([true, false]);
});

test("signs differ, and read on their colour", () => {
  const palette = new Palette();
  expect(new Set(palette.curated.map((_, slot) => signOf(slot))).size).toBe(32);
  expect([inkOn([255, 255, 255]), inkOn([0, 0, 0]), inkOn([0, 204, 120]), inkOn([36, 80, 164])]).toEqual([
    "#000000",
    "#ffffff",
    "#000000",
    "#ffffff",
  ]);
});

test.each([
  ["#Ff4500", "#ff4500"],
  [" 0af ", "#00aaff"],
  ["#12345", null],
  ["red", null],
])("%j is %j", (text, hex) => expect(readHex(text)).toBe(hex));
