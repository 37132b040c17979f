import { beforeEach, describe, expect, test } from "vitest";
import type { ToolName } from "./keyboard";
import { PointerGestures } from "./pointer";

let log: string[];
let tool: ToolName;
let panHeld: boolean;
let fingerPans: boolean;
let tapSelects: boolean;
let gestures: PointerGestures;

const at = (x: number, y: number) => ({ x, y });
const say =
  (name: string) =>
  (...values: unknown[]) => {
    log.push([name, ...values.map((value) => JSON.stringify(value))].join(" "));
  };

beforeEach(() => {
  [log, tool, panHeld, fingerPans, tapSelects] = [[], "brush", false, false, false];
  gestures = new PointerGestures({
    tool: () => tool,
    panHeld: () => panHeld,
    fingerPans: () => fingerPans,
    tap: (at) => {
      if (tapSelects) log.push(`tap ${JSON.stringify(at)}`);
      return tapSelects;
    },
    beginStroke: say("begin"),
    extendStroke: say("extend"),
    endStroke: say("end"),
    pick: say("pick"),
    pan: say("pan"),
    pinch: say("pinch"),
    hover: say("hover"),
    grabbing: () => undefined,
  });
});

describe("mouse", () => {
  test("press, drag, release is a stroke", () => {
    gestures.down(1, at(5, 5), "mouse", 0);
    gestures.move(1, [at(6, 5), at(7, 5)]);
    gestures.up(1, at(7, 5));
    expect(log).toEqual(['begin {"x":5,"y":5}', 'extend [{"x":6,"y":5},{"x":7,"y":5}]', "end"]);
  });

  test.each([
    ["the middle button", () => gestures.down(1, at(0, 0), "mouse", 1)],
    [
      "the space bar",
      () => {
        panHeld = true;
        gestures.down(1, at(0, 0), "mouse", 0);
      },
    ],
    [
      "the hand",
      () => {
        tool = "pan";
        gestures.down(1, at(0, 0), "mouse", 0);
      },
    ],
  ])("%s pans", (_, press) => {
    press();
    gestures.move(1, [at(4, -3)]);
    gestures.up(1, at(4, -3));
    expect(log).toEqual(["pan 4 -3"]);
  });

  test("the right button paints nothing", () => {
    gestures.down(1, at(0, 0), "mouse", 2);
    gestures.move(1, [at(4, 4)]);
    gestures.up(1, at(4, 4));
    expect(log).toEqual([]);
  });

  test("a pointer that is taken away ends the stroke, once", () => {
    gestures.down(1, at(0, 0), "mouse", 0);
    gestures.cancel(1);
    gestures.cancel(1);
    gestures.cancelAll();
    gestures.move(1, [at(9, 9)]);
    expect(log).toEqual(['begin {"x":0,"y":0}', "end"]);
  });

  test("the eyedropper picks along the way and is done at the end", () => {
    tool = "eyedropper";
    gestures.down(1, at(0, 0), "mouse", 0);
    gestures.move(1, [at(1, 0)]);
    gestures.up(1, at(1, 0));
    expect(log).toEqual(['pick {"x":0,"y":0} false', 'pick {"x":1,"y":0} false', 'pick {"x":1,"y":0} true']);
  });
});

describe("touch", () => {
  test("a tap places one pixel, when the finger is lifted", () => {
    gestures.down(1, at(5, 5), "touch", 0);
    gestures.move(1, [at(6, 6)]);
    expect(log).toEqual([]);
    gestures.up(1, at(6, 6));
    expect(log).toEqual(['begin {"x":6,"y":6}', "end"]);
  });

  test("a tap that selects paints nothing", () => {
    tapSelects = true;
    gestures.down(1, at(5, 5), "touch", 0);
    gestures.up(1, at(6, 6));
    expect(log).toEqual(['tap {"x":6,"y":6}']);
  });

  test("a drag paints from where the finger came down", () => {
    gestures.down(1, at(0, 0), "touch", 0);
    gestures.move(1, [at(20, 0)]);
    gestures.up(1, at(20, 0));
    expect(log[0]).toBe('begin {"x":0,"y":0}');
    expect(log.at(-1)).toBe("end");
  });

  test("far out a drag pans", () => {
    fingerPans = true;
    gestures.down(1, at(0, 0), "touch", 0);
    gestures.move(1, [at(20, 0)]);
    gestures.move(1, [at(25, 1)]);
    expect(log).toEqual(["pan 5 1"]);
  });

  test("two fingers zoom and pan, and never leave a pixel behind", () => {
    gestures.down(1, at(0, 0), "touch", 0);
    gestures.down(2, at(100, 0), "touch", 0);
    gestures.move(2, [at(200, 0)]);
    gestures.up(1, at(0, 0));
    gestures.move(2, [at(300, 0)]);
    gestures.up(2, at(300, 0));
    expect(log).toEqual(["pan 50 0", 'pinch {"x":100,"y":0} 2']);
  });

  test("a second finger ends a stroke that was on its way", () => {
    gestures.down(1, at(0, 0), "touch", 0);
    gestures.move(1, [at(20, 0)]);
    gestures.down(2, at(100, 0), "touch", 0);
    expect(log.at(-1)).toBe("end");
  });
});

describe("pen", () => {
  test("a hand that comes to rest while the pen paints changes nothing", () => {
    gestures.down(1, at(5, 5), "pen", 0);
    gestures.down(2, at(90, 90), "touch", 0);
    gestures.move(2, [at(95, 95)]);
    gestures.move(1, [at(6, 5)]);
    gestures.up(2, at(95, 95));
    gestures.up(1, at(6, 5));
    expect(log).toEqual(['begin {"x":5,"y":5}', 'extend [{"x":6,"y":5}]', "end"]);
  });

  test("a pen paints although the hand was there first", () => {
    gestures.down(1, at(90, 90), "touch", 0);
    gestures.down(2, at(5, 5), "pen", 0);
    gestures.move(1, [at(120, 90)]);
    gestures.up(1, at(120, 90));
    gestures.up(2, at(5, 5));
    expect(log).toEqual(['begin {"x":5,"y":5}', "end"]);
  });
});

describe("a finger with the eyedropper", () => {
  beforeEach(() => {
    tool = "eyedropper";
  });

  test("picks with a tap, and while it slides", () => {
    gestures.down(1, at(5, 5), "touch", 0);
    gestures.up(1, at(5, 5));
    gestures.down(1, at(5, 5), "touch", 0);
    gestures.move(1, [at(25, 5)]);
    gestures.up(1, at(26, 5));
    const told = ['{"x":5,"y":5} true', '{"x":25,"y":5} false', '{"x":26,"y":5} true'];
    expect(log).toEqual(told.map((one) => `pick ${one}`));
  });

  test("picks nothing while two fingers zoom", () => {
    gestures.down(1, at(0, 0), "touch", 0);
    gestures.down(2, at(100, 0), "touch", 0);
    gestures.move(2, [at(200, 0)]);
    gestures.up(2, at(200, 0));
    gestures.up(1, at(0, 0));
    expect(log.filter((entry) => entry.startsWith("pick"))).toEqual([]);
  });
});
