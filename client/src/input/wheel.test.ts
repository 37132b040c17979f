import { expect, test } from "vitest";
import { type WheelLike, WheelReader } from "./wheel";

let clock = 0;
const event = (fields: Partial<WheelLike>): WheelLike => {
  clock += 1_000;
  return { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false, timeStamp: clock, ...fields };
};

test("a mouse wheel zooms by whole notches", () => {
  const reader = new WheelReader();
  expect(reader.read(event({ deltaY: -100 }))).toEqual({ kind: "zoom", factor: 1.25 });
  expect(reader.read(event({ deltaY: 3, deltaMode: 1 }))).toEqual({ kind: "zoom", factor: 0.8 });
});

test("two fingers on a trackpad pan", () => {
  const reader = new WheelReader();
  expect(reader.read(event({ deltaX: 3, deltaY: -4 }))).toEqual({ kind: "pan", dx: -3, dy: 4 });
  expect(reader.read(event({ deltaY: 2.5 }))).toEqual({ kind: "pan", dx: -0, dy: -2.5 });
});

test("a pinch on a trackpad zooms gently, in steps that cannot explode", () => {
  const reader = new WheelReader();
  const factor = (deltaY: number) => {
    const action = reader.read(event({ deltaY, ctrlKey: true }));
    return action.kind === "zoom" ? action.factor : 0;
  };
  expect(factor(-5)).toBeCloseTo(1.051, 3);
  expect([factor(-4000) < 1.5, factor(4000) > 0.66]).toEqual([true, true]);
});

test("a fling that gets fast stays a pan", () => {
  const reader = new WheelReader();
  reader.read(event({ deltaY: 4 }));
  expect(reader.read({ ...event({ deltaY: 90 }), timeStamp: clock - 950 }).kind).toBe("pan");
});

test("a wheel on a page that is zoomed far in still zooms", () => {
  const reader = new WheelReader();
  expect(reader.read(event({ deltaY: 33.3, wheelDeltaY: -120 })).kind).toBe("zoom");
  expect(reader.read(event({ deltaY: 40, wheelDeltaY: -120 })).kind).toBe("pan");
});

test("a wheel that tilts pans, even between two notches", () => {
  const reader = new WheelReader();
  expect(reader.read(event({ deltaX: 3, deltaMode: 1 }))).toMatchObject({ kind: "pan", dx: -60 });
  const notch = event({ deltaY: -100 });
  const tilt = { ...notch, deltaX: 100, deltaY: 0, timeStamp: notch.timeStamp + 50 };
  const next = { ...notch, timeStamp: notch.timeStamp + 100 };
  expect([notch, tilt, next].map((one) => reader.read(one).kind)).toEqual(["zoom", "pan", "zoom"]);
});
