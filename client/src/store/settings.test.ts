// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { readSettings, Settings } from "./settings";

beforeEach(() => localStorage.clear());

test("what was set is found again", () => {
  new Settings().change({ side: "left", theme: "dark", precise: false });
  expect(new Settings().values.get()).toEqual({
    side: "left",
    theme: "dark",
    shortcuts: true,
    precise: false,
    signs: false,
  });
});

test.each(["", "null", "7", "{", '{"side":"up","theme":1,"shortcuts":"no"}'])(
  "%j is no reason to fail",
  (text) => {
    expect(readSettings(text)).toEqual(readSettings(null));
  },
);
