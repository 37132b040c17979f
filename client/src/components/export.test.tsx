// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { state } from "../testing/builders";
import { createPage, renderIn } from "../testing/page";
import { Sheets } from "./Sheets";

const encodePng = vi.hoisted(() => vi.fn());
const save = vi.hoisted(() => vi.fn());
vi.mock("../store/pngExport", () => ({ encodePng, save }));

let page: ReturnType<typeof createPage>;

beforeEach(async () => {
  localStorage.clear();
  page = createPage();
  const { machine, controller, status } = page.client;
  machine.start();
  const pixels = new Uint8Array(810_000);
  machine.bitmapLoaded({ width: 900, height: 900, pixels, epoch: "e1", seq: 41 }, 0);
  machine.receive(state({ width: 900, height: 900, seq: 41 }), 1_000_000);
  controller.resize(800, 400);
  vi.useFakeTimers(); // the address follows later, when this page is gone
  controller.openHash("#100,100,8");
  vi.useRealTimers();
  status.patch({ hasBitmap: true });
  encodePng.mockReset().mockResolvedValue("the file");
  save.mockReset();
  renderIn(page, <Sheets />);
  act(() => void page.actions.sheet.set("export"));
  await screen.findByTestId("export-sheet");
});

afterEach(cleanup);

const sizeText = () => screen.getByTestId("export-size").textContent;
const made = async () => {
  fireEvent.click(screen.getByTestId("export-save"));
  await waitFor(() => expect(save).toHaveBeenCalled());
  return encodePng.mock.calls[0][0];
};

test("the view, of confirmed pixels only, under the canvas' name and seq", async () => {
  page.client.machine.paint({ cells: [100 * 900 + 100], color: 5, tool: "brush", stroke: 0 }, 1_000_000);
  const { pixels, width, height, scale } = await made();
  expect([width, height, scale, pixels.every((color: number) => color === 0)]).toEqual([101, 51, 4, true]);
  expect(save).toHaveBeenCalledWith("the file", "pixels-main-41.png");
  await waitFor(() =>
    expect(screen.getByTestId("export-result").textContent).toBe("Saved as pixels-main-41.png"),
  );
});

test("everything at the largest scale", async () => {
  fireEvent.click(screen.getByTestId("export-kind-canvas"));
  fireEvent.change(screen.getByTestId("export-scale"), { target: { value: "16" } });
  expect(sizeText()).toBe("14,400 × 14,400 pixels 900 × 900 cells at 16×");
  expect(await made()).toMatchObject({ width: 900, height: 900, scale: 16 });
});

test("a region by numbers, brought back onto the canvas", async () => {
  for (const [field, value] of Object.entries({ x: "890", y: "5", width: "40", height: "3" })) {
    fireEvent.change(screen.getByTestId(`export-${field}`), { target: { value } });
  }
  expect((screen.getByTestId("export-kind-region") as HTMLInputElement).checked).toBe(true);
  expect(await made()).toMatchObject({ width: 10, height: 3 });
});

test("a region by dragging over the preview", async () => {
  const preview = screen.getByTestId("export-preview");
  preview.setPointerCapture = () => undefined;
  const drag = (type: string, clientX: number, clientY: number) =>
    act(() => void preview.dispatchEvent(new PointerEvent(type, { clientX, clientY })));
  drag("pointerdown", 118.1, 59.1);
  drag("pointermove", 59.1, 118.1);
  drag("lostpointercapture", 59, 118);
  expect(await made()).toMatchObject({ x: 225, y: 225, width: 226, height: 226 });
});

test("when it cannot be made, that is said", async () => {
  encodePng.mockRejectedValue(new RangeError("memory"));
  fireEvent.click(screen.getByTestId("export-save"));
  await waitFor(() => expect(screen.getByTestId("export-result").textContent).toMatch(/could not be made/));
  expect((screen.getByTestId("export-save") as HTMLButtonElement).disabled).toBe(false);
});
