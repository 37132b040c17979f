// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPage, renderIn } from "../testing/page";
import { ToastList } from "./ToastList";

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  vi.useFakeTimers();
  page = createPage();
  renderIn(page, <ToastList />);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const show = (key: string, count = 1) => act(() => page.client.toasts.show(key, `${key}.`, "warning", count));
const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
const texts = () => screen.queryAllByTestId("toast").map((toast) => toast.textContent);

test("equal messages are counted, and go when no new one comes", () => {
  show("locked");
  pass(4_000);
  show("locked", 3);
  pass(4_000);
  expect(texts()).toEqual(["locked. ×4"]);
  pass(1_001);
  expect(texts()).toEqual([]);
  show("locked");
  expect(texts()).toEqual(["locked."]);
});

test("never more than three; the oldest makes room, and what is said again is the newest", () => {
  for (const key of ["a", "b", "c", "d"]) {
    show(key);
    pass(10);
  }
  expect(texts()).toEqual(["b.", "c.", "d."]);
  show("b");
  expect(texts()).toEqual(["c.", "d.", "b. ×2"]);
});

test("they stay while somebody reads them", () => {
  show("a");
  fireEvent.mouseEnter(screen.getByRole("list"));
  pass(60_000);
  expect(texts()).toEqual(["a."]);
  fireEvent.mouseLeave(screen.getByRole("list"));
  pass(5_001);
  expect(texts()).toEqual([]);
});

test("one is put away at once, and counts anew", () => {
  show("a", 2);
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(texts()).toEqual([]);
  show("a");
  expect(texts()).toEqual(["a."]);
});

test("they are spoken politely, without the count that changes all the time", () => {
  show("a", 2);
  expect(screen.getByRole("list").getAttribute("aria-live")).toBe("polite");
  expect(screen.getByText("×2").getAttribute("aria-hidden")).toBe("true");
});
