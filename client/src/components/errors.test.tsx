// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPage, renderIn } from "../testing/page";
import { CanvasView } from "./CanvasView";
import { LoadingCurtain } from "./LoadingCurtain";
import { Sheets } from "./Sheets";
import { ToastList } from "./ToastList";

vi.mock("./SettingsSheet", () => {
  throw new Error("The file is gone.");
});

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  localStorage.clear();
  page = createPage();
});

afterEach(cleanup);

test("without a server the page says so and offers to try again", () => {
  page.client.status.patch({ mode: "loading" });
  renderIn(page, <LoadingCurtain />);
  expect(screen.getByTestId("curtain").textContent).toBe("Loading the canvas…");
  const wake = vi.spyOn(page.client.connection, "wake").mockImplementation(() => undefined);
  act(() => void page.client.status.patch({ mode: "offline" }));
  expect(screen.getByTestId("curtain").textContent).toContain("cannot be reached");
  fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(wake).toHaveBeenCalledTimes(1);
});

test("without a network it says whose fault it is", () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  renderIn(page, <LoadingCurtain />);
  act(() => void page.client.status.patch({ mode: "offline" }));
  expect(screen.getByTestId("curtain").textContent).toContain("You are offline");
});

test("a part of the page that cannot be fetched is a message, not a crash", async () => {
  renderIn(
    page,
    <>
      <Sheets />
      <ToastList />
    </>,
  );
  act(() => void page.actions.sheet.set("settings"));
  await waitFor(() => expect(screen.getByTestId("toast").textContent).toMatch(/could not be loaded/));
  expect(page.actions.sheet.get()).toBeNull();
});

test("a drawing surface that was taken away is drawn anew when it is back", () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({} as never);
  vi.stubGlobal(
    "ImageData",
    class {
      readonly data = new Uint8ClampedArray(4);
    },
  );
  vi.stubGlobal("requestAnimationFrame", () => 0);
  renderIn(page, <CanvasView />);
  const canvas = screen.getByTestId("canvas");
  page.client.machine.board.changes.take();
  act(() => void canvas.dispatchEvent(new Event("contextlost")));
  expect(page.client.surfaceLost.get()).toBe(true);
  act(() => void canvas.dispatchEvent(new Event("contextrestored")));
  expect([page.client.surfaceLost.get(), page.client.machine.board.changes.take()]).toEqual([
    false,
    { kind: "all" },
  ]);
  vi.unstubAllGlobals();
});
