import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Toasts } from "./toasts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("equal messages are counted, and go when no new one comes", () => {
  const toasts = new Toasts();
  toasts.show("locked", "Locked.");
  vi.advanceTimersByTime(4_000);
  toasts.show("locked", "Locked.", "warning", 3);
  vi.advanceTimersByTime(4_000);
  expect(toasts.list.get()).toEqual([{ key: "locked", text: "Locked.", tone: "warning", count: 4 }]);
  vi.advanceTimersByTime(1_001);
  expect(toasts.list.get()).toEqual([]);
});

test("never more than three; the oldest makes room", () => {
  const toasts = new Toasts();
  for (const key of ["a", "b", "c", "d"]) toasts.show(key, key);
  expect(toasts.list.get().map((toast) => toast.key)).toEqual(["b", "c", "d"]);
});

test("they stay while somebody reads them", () => {
  const toasts = new Toasts();
  toasts.show("a", "a");
  toasts.hold(true);
  vi.advanceTimersByTime(60_000);
  expect(toasts.list.get().length).toBe(1);
  toasts.hold(false);
  vi.advanceTimersByTime(5_001);
  expect(toasts.list.get()).toEqual([]);
});
