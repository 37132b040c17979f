import { expect, test, vi } from "vitest";
import { Observable } from "./observable";

test("listeners hear of changes only", () => {
  const record = new Observable({ a: 1, b: "x" });
  const listener = vi.fn();
  const stop = record.subscribe(listener);
  expect([record.patch({ a: 1 }), record.patch({ b: "y" })]).toEqual([false, true]);
  expect(listener).toHaveBeenCalledTimes(1);
  stop();
  record.patch({ a: 2 });
  expect([listener.mock.calls.length, record.get()]).toEqual([1, { a: 2, b: "y" }]);
});
