import { afterEach, expect, test, vi } from "vitest";
import { tickInBackground } from "./backgroundTicks";

afterEach(() => vi.unstubAllGlobals());

test("each message of the worker is a tick", () => {
  const started: { onmessage: (() => void) | null }[] = [];
  class FakeWorker {
    onmessage: (() => void) | null = null;
    constructor() {
      started.push(this);
    }
  }
  vi.stubGlobal("Worker", FakeWorker);
  const tick = vi.fn();
  tickInBackground(tick);
  started[0].onmessage?.();
  started[0].onmessage?.();
  expect(tick).toHaveBeenCalledTimes(2);
});

test("a browser without workers goes on without them", () => {
  vi.stubGlobal("Worker", undefined);
  expect(() => tickInBackground(() => undefined)).not.toThrow();
});
