// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { attachKeyboard, commandFor } from "./keyboard";

const key = (name: string, modifiers = {}) =>
  commandFor({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

describe("commands", () => {
  test("tools, grid, zoom, help", () => {
    expect([key("b"), key("E"), key("i"), key("h")]).toEqual(
      ["brush", "eraser", "eyedropper", "pan"].map((tool) => ({ kind: "tool", tool })),
    );
    expect([key("g"), key("?"), key("+"), key("-")]).toEqual([
      { kind: "grid" },
      { kind: "help" },
      { kind: "zoom", direction: 1 },
      { kind: "zoom", direction: -1 },
    ]);
  });

  test("arrows move by one, with Shift by ten", () => {
    expect(key("ArrowLeft")).toEqual({ kind: "move", dx: -1, dy: 0 });
    expect(key("ArrowDown", { shiftKey: true })).toEqual({ kind: "move", dx: 0, dy: 10 });
  });

  test("digits are the first ten colours", () => {
    expect([key("1"), key("9"), key("0")]).toEqual([0, 8, 9].map((slot) => ({ kind: "color", slot })));
  });

  test("layouts without Latin letters have them in the same places", () => {
    expect([key("и", { code: "KeyB" }), key("У", { code: "KeyE" })]).toEqual([
      { kind: "tool", tool: "brush" },
      { kind: "tool", tool: "eraser" },
    ]);
    expect([key("ö", { code: "KeyB" }), key("b", { code: "KeyN" })]).toEqual([
      null,
      { kind: "tool", tool: "brush" },
    ]);
  });

  test("browser shortcuts stay the browser's", () => {
    expect([
      key("b", { ctrlKey: true }),
      key("h", { metaKey: true }),
      key("e", { altKey: true }),
      key("q"),
    ]).toEqual([null, null, null, null]);
  });
});

describe("listening", () => {
  const actions = { run: vi.fn(), holdPan: vi.fn(), tapSpace: vi.fn(), shortcuts: vi.fn() };
  let detach: () => void;
  const press = (target: EventTarget, name: string) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  const release = (name: string) => window.dispatchEvent(new KeyboardEvent("keyup", { key: name }));

  beforeEach(() => {
    for (const action of Object.values(actions)) action.mockReset();
    actions.shortcuts.mockReturnValue(true);
    document.body.innerHTML = "<input><button>x</button><div></div>";
    detach = attachKeyboard(actions);
  });

  afterEach(() => detach());

  test("shortcuts never fire while somebody types", () => {
    press(document.querySelector("input") as Element, "b");
    expect(actions.run).not.toHaveBeenCalled();
    press(document.querySelector("div") as Element, "b");
    expect(actions.run).toHaveBeenCalledWith({ kind: "tool", tool: "brush" });
  });

  test("Enter and Space belong to a focused button, letters do not", () => {
    const button = document.querySelector("button") as Element;
    press(button, "Enter");
    press(button, " ");
    expect([actions.run.mock.calls.length, actions.holdPan.mock.calls.length]).toEqual([0, 0]);
    press(button, "e");
    expect(actions.run).toHaveBeenCalledTimes(1);
  });

  test("an open sheet keeps the keys, but for the one that closes it", () => {
    document.body.innerHTML = "<dialog open></dialog>";
    for (const name of ["Enter", " ", "ArrowDown", "b"]) press(document.body, name);
    expect([actions.run.mock.calls.length, actions.holdPan.mock.calls.length]).toEqual([0, 0]);
    press(document.body, "?");
    expect(actions.run).toHaveBeenCalledWith({ kind: "help" });
  });

  test("what is held moves on, but places and switches once", () => {
    const hold = (name: string) =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, repeat: true }));
    for (const name of ["Enter", "g", "?", "z"]) hold(name);
    expect(actions.run).not.toHaveBeenCalled();
    for (const name of ["ArrowUp", "+", "]"]) hold(name);
    expect(actions.run.mock.calls.map(([command]) => command.kind)).toEqual(["move", "zoom", "nextColor"]);
  });

  test("Space pans while it is held; a tap is a tap", () => {
    press(document.body, " ");
    expect(actions.holdPan).toHaveBeenLastCalledWith(true);
    release(" ");
    expect(actions.holdPan).toHaveBeenLastCalledWith(false);
    expect(actions.tapSpace).toHaveBeenCalledTimes(1);
  });

  test("shortcuts can be turned off; arrows, Enter and Escape stay", () => {
    actions.shortcuts.mockReturnValue(false);
    for (const name of ["b", "3", "?", "+", "ArrowUp", "Enter", "Escape"]) press(document.body, name);
    expect(actions.run.mock.calls.map(([command]) => command.kind)).toEqual(["move", "place", "escape"]);
  });

  test("losing the window lets go of Space", () => {
    press(document.body, " ");
    window.dispatchEvent(new Event("blur"));
    release(" ");
    expect([actions.holdPan.mock.lastCall, actions.tapSpace.mock.calls.length]).toEqual([[false], 0]);
  });
});
