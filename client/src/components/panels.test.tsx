// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CURATED } from "../protocol/messages.gen";
import { state } from "../testing/builders";
import { createPage, renderIn } from "../testing/page";
import { ErrorBoundary } from "./ErrorBoundary";
import { FirstHint } from "./Hints";
import { LimitMeter } from "./LimitMeter";
import { NoticeBar } from "./NoticeBar";
import { PalettePanel } from "./PalettePanel";
import { Sheets } from "./Sheets";
import { StatusPill } from "./StatusPill";
import { ToastList } from "./ToastList";
import { ToolBar } from "./ToolBar";

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  localStorage.clear();
  page = createPage();
});

afterEach(cleanup);

const pressed = (id: string) => screen.getByTestId(id).getAttribute("aria-pressed");

describe("palette", () => {
  test("32 named buttons; choosing one makes the brush take it", () => {
    renderIn(page, <PalettePanel />);
    const swatches = screen.getByTestId("palette").querySelectorAll("[data-testid^=swatch]");
    expect([...swatches].map((swatch) => swatch.getAttribute("aria-label"))).toEqual(
      CURATED.map(({ name }) => name),
    );
    page.client.chooseTool("eraser");
    fireEvent.click(screen.getByTestId("swatch-18"));
    expect([page.client.tools.get(), pressed("swatch-18")]).toMatchObject([
      { color: 18, tool: "brush" },
      "true",
    ]);
  });

  test("it follows a moderator's edit", () => {
    renderIn(page, <PalettePanel />);
    const palette = CURATED.map((swatch, slot) => (slot === 2 ? { hex: "#123456", name: "Ink" } : swatch));
    page.client.machine.start();
    page.client.machine.bitmapLoaded(
      { width: 1, height: 1, pixels: new Uint8Array(1), epoch: "e1", seq: 0 },
      0,
    );
    page.client.machine.receive(state({ palette }), 0);
    act(() => page.client.connection.wake());
    expect(screen.getByTestId("swatch-2").getAttribute("aria-label")).toBe("Ink");
  });
});

test("tools are toggle buttons with names", () => {
  renderIn(page, <ToolBar />);
  expect(pressed("tool-brush")).toBe("true");
  fireEvent.click(screen.getByTestId("tool-pan"));
  expect([pressed("tool-brush"), pressed("tool-pan")]).toEqual(["false", "true"]);
  expect(screen.getByRole("button", { name: "Eraser" })).toBe(screen.getByTestId("tool-eraser"));
});

test("the status says what is, in words and as data", () => {
  renderIn(page, <StatusPill />);
  const status = screen.getByTestId("status");
  act(() => void page.client.status.patch({ mode: "live", online: 1234, roundTripMs: 31 }));
  expect([status.dataset.mode, status.textContent]).toEqual(["live", "PixelsLive1,234 online31 ms"]);
  act(() => void page.client.status.patch({ mode: "offline", waiting: 3 }));
  expect([status.dataset.mode, status.textContent]).toEqual([
    "offline",
    "PixelsOffline · reconnecting3 waiting",
  ]);
});

test("the details of the status: how the connection does, how busy the canvas is", () => {
  renderIn(page, <StatusPill />);
  act(() => void page.client.status.patch({ mode: "live", online: 12, roundTripMs: 31 }));
  fireEvent.click(screen.getByTestId("status"));
  act(() => {
    page.client.roundTrips.set([20, 60, 31]);
    page.client.statistics.latest.set({ placements: 54_321, painters: 9, pixelsPerMinute: 1_200 });
  });
  expect(screen.getByTestId("latency-graph").getAttribute("aria-label")).toContain("between 20 and 60 ms");
  expect(screen.getByTestId("status-details").querySelector("dl")?.textContent).toBe(
    "People online12Pixels a minute1,200Painters so far9Pixels so far54,321",
  );
  act(() => page.actions.run({ kind: "escape" }));
  expect(screen.queryByTestId("status-details")).toBeNull();
});

test("the most severe notice wins", () => {
  renderIn(page, <NoticeBar />);
  act(() => void page.client.status.patch({ mode: "live", notice: "Party at nine", paused: true }));
  expect(screen.getByTestId("notice").textContent).toBe("Party at nine");
  act(() => void page.client.status.patch({ mode: "degraded" }));
  expect(screen.getByTestId("notice").textContent).toMatch(/cannot be saved/);
});

test("a refusal is a toast, counted and dismissable", async () => {
  renderIn(page, <ToastList />);
  act(() => {
    page.client.refused("locked", 1);
    page.client.refused("locked", 2);
  });
  expect((await screen.findByTestId("toast")).textContent).toBe("This region is locked by a moderator. ×3");
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(screen.queryByTestId("toast")).toBeNull();
});

test("the first hint goes for good", () => {
  act(() => void page.client.status.patch({ hasBitmap: true }));
  renderIn(page, <FirstHint />);
  fireEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect([screen.queryByTestId("hint"), createPage().client.hint.get()]).toEqual([null, false]);
});

test("help opens and closes with the question mark", async () => {
  renderIn(page, <Sheets />);
  act(() => page.actions.run({ kind: "help" }));
  const dialog = (await screen.findByTestId("help-sheet")) as HTMLDialogElement;
  expect(dialog.open).toBe(true);
  act(() => page.actions.run({ kind: "help" }));
  expect([dialog.open, screen.queryByTestId("help-sheet")]).toEqual([false, null]);
});

function Broken(): never {
  throw new Error("boom");
}

test("a crash shows details to copy", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const silence = (event: ErrorEvent) => event.preventDefault();
  window.addEventListener("error", silence);
  renderIn(
    page,
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
  );
  window.removeEventListener("error", silence);
  expect(screen.getByRole("alert").textContent).toContain("Something broke");
  expect(screen.getByRole("region", { name: "Details for a report" }).textContent).toContain("boom");
  expect(screen.getByRole("button", { name: "Copy details" })).toBeTruthy();
});

test("the meter knows at once what was painted", () => {
  const { machine, status } = page.client;
  machine.start();
  machine.bitmapLoaded({ width: 10, height: 10, pixels: new Uint8Array(100), epoch: "e1", seq: 0 }, 0);
  machine.receive(state(), 1_000_000);
  act(() => void status.patch({ limits: state().limits }));
  renderIn(page, <LimitMeter />);
  expect(screen.getByTestId("limit").textContent).toBe("200 pixels");
  act(() => void page.client.painter.dot({ x: 3, y: 3 }, page.client.ink()));
  expect(screen.getByTestId("limit").textContent).toBe("199 pixels");
});
