// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { state } from "../testing/builders";
import { createPage, renderIn } from "../testing/page";
import { ConfirmBar } from "./ConfirmBar";
import { Minimap } from "./Minimap";
import { Tooltip } from "./Tooltip";

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  vi.useFakeTimers(); // the address follows later, when this page is gone
  localStorage.clear();
  page = createPage();
  const { machine, controller, status } = page.client;
  const pixels = new Uint8Array(810_000).fill(7, 0, 900);
  machine.start();
  machine.bitmapLoaded({ width: 900, height: 900, pixels, epoch: "e1", seq: 0 }, 0);
  const lock = { id: "l1", x: 10, y: 0, width: 5, height: 5, by: "m", reason: "Logo" };
  machine.receive(state({ width: 900, height: 900, locks: [lock] }), 1_000_000);
  controller.resize(1440, 900);
  controller.openHash("#100,100,16");
  status.patch({ hasBitmap: true });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const rest = (x: number, y: number) => {
  page.client.spot.set({ cell: { x, y }, source: "pointer" });
  page.client.spotColor.set(page.client.colorAt({ x, y }));
};

test("the tooltip: where, which colour, and who when it is known", () => {
  renderIn(page, <Tooltip />);
  expect(screen.queryByTestId("tooltip")).toBeNull();
  act(() => rest(100, 0));
  expect(screen.getByTestId("tooltip").textContent).toBe("Red#ff4500100, 0");
  const record = { x: 100, y: 0, color: 7, user: "u_9", userName: "Ada", time: 400_000, seq: 1 };
  act(() => void page.client.lookup.found.set(record));
  expect(screen.getByTestId("tooltip-who").textContent).toBe("Placed by Ada, 10 min ago");
});

test("the tooltip explains a lock, and is gone during a stroke", () => {
  renderIn(page, <Tooltip />);
  act(() => rest(12, 3));
  expect(screen.getByTestId("tooltip").textContent).toContain("Locked by a moderator: Logo");
  act(() => void page.actions.hands.patch({ painting: true }));
  expect(screen.queryByTestId("tooltip")).toBeNull();
});

test("the minimap frames what is visible and goes where one clicks", () => {
  renderIn(page, <Minimap />);
  const map = screen.getByTestId("minimap");
  map.setPointerCapture = () => undefined;
  act(() => void map.dispatchEvent(new PointerEvent("pointerdown", { clientX: 64, clientY: 32 })));
  expect(page.client.controller.view.get()).toMatchObject({ x: 450, y: 225, zoom: 16 });
  expect((map.querySelector(".minimap-frame") as HTMLElement).style.left).toBe("57.6px");
  act(() => void map.dispatchEvent(new PointerEvent("lostpointercapture")));
  act(() => page.client.controller.showAll());
  expect(screen.queryByTestId("minimap")).toBeNull();
});

test("the confirm bar: where, nudge, place", () => {
  renderIn(page, <ConfirmBar />);
  expect(screen.queryByTestId("confirm-bar")).toBeNull();
  act(() => void page.client.spot.set({ cell: { x: 60, y: 70 }, source: "touch" }));
  fireEvent.click(screen.getByRole("button", { name: "Left by one" }));
  fireEvent.click(screen.getByRole("button", { name: "Down by one" }));
  expect(screen.getByTestId("confirm-bar").textContent).toContain("59, 71");
  fireEvent.click(screen.getByTestId("confirm-place"));
  expect(page.client.colorAt({ x: 59, y: 71 })).toBe(7);
  expect(screen.queryByTestId("confirm-bar")).toBeNull();
});

test("the confirm bar: cancel", () => {
  renderIn(page, <ConfirmBar />);
  act(() => void page.client.spot.set({ cell: { x: 60, y: 70 }, source: "touch" }));
  fireEvent.click(screen.getByTestId("confirm-cancel"));
  expect([screen.queryByTestId("confirm-bar"), page.client.machine.board.pending.size]).toEqual([null, 0]);
});
