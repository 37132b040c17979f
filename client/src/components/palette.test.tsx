// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPage, renderIn } from "../testing/page";
import { PalettePanel } from "./PalettePanel";
import { Sheets } from "./Sheets";

let page: ReturnType<typeof createPage>;

beforeEach(() => {
  localStorage.clear();
  page = createPage();
});

afterEach(cleanup);

test("recent colours: what was chosen or painted with, remembered, one click away", () => {
  renderIn(page, <PalettePanel />);
  fireEvent.click(screen.getByTestId("swatch-18"));
  fireEvent.click(screen.getByTestId("swatch-4"));
  const names = () =>
    [...screen.getByTestId("recent-colors").querySelectorAll("button")].map((one) =>
      one.getAttribute("aria-label"),
    );
  expect(names()).toEqual(["Recent: Black", "Recent: Blue"]);
  fireEvent.click(screen.getByRole("button", { name: "Recent: Blue" }));
  expect(page.client.tools.get().color).toBe(18);
  expect(createPage().client.recent.list.get()).toEqual([4, 18]);
});

test("the palette changes sides, and stays there", () => {
  renderIn(page, <PalettePanel />);
  fireEvent.click(screen.getByRole("button", { name: "Put the palette on the left" }));
  expect(screen.getByTestId("palette-side").dataset.side).toBe("left");
  expect(createPage().client.settings.values.get().side).toBe("left");
});

test("signs are drawn on the swatches when they are wanted", () => {
  renderIn(page, <PalettePanel />);
  expect(screen.getByTestId("swatch-10").textContent).toBe("");
  act(() => page.client.settings.change({ signs: true }));
  expect([screen.getByTestId("swatch-9").textContent, screen.getByTestId("swatch-10").textContent]).toEqual([
    "0",
    "A",
  ]);
});

test("a custom colour snaps to the nearest one there is, and says so", async () => {
  renderIn(
    page,
    <>
      <PalettePanel />
      <Sheets />
    </>,
  );
  fireEvent.click(screen.getByTestId("custom-color"));
  const input = await screen.findByTestId("custom-hex");
  fireEvent.change(input, { target: { value: "34c" } });
  const snapped = screen.getByTestId("snapped-color");
  expect([snapped.dataset.hex, screen.getByTestId("use-color").textContent]).toEqual([
    "#3333cc",
    "Use #3333cc",
  ]);
  fireEvent.change(input, { target: { value: "#FF4500" } });
  expect([snapped.dataset.slot, screen.getByTestId("use-color").textContent]).toEqual(["7", "Use Red"]);
  expect(screen.getByText("This is Red of the palette.")).toBeTruthy();
  fireEvent.change(input, { target: { value: "34" } });
  expect((screen.getByTestId("use-color") as HTMLButtonElement).disabled).toBe(true);
  fireEvent.change(input, { target: { value: "#3343c7" } });
  fireEvent.click(screen.getByTestId("use-color"));
  expect(page.client.palette.get().hex(page.client.tools.get().color)).toBe("#3333cc");
  expect(screen.queryByTestId("custom-color-sheet")).toBeNull();
  expect(screen.getByTestId("custom-color").getAttribute("aria-pressed")).toBe("true");
});

test("settings are one click each, and remembered", async () => {
  renderIn(page, <Sheets />);
  act(() => void page.actions.sheet.set("settings"));
  fireEvent.click(await screen.findByTestId("setting-theme-dark"));
  for (const name of ["grid", "signs", "precise", "shortcuts"])
    fireEvent.click(screen.getByTestId(`setting-${name}`));
  const { client } = createPage();
  expect([client.settings.values.get(), client.tools.get().grid]).toEqual([
    { side: "right", theme: "dark", signs: true, precise: false, shortcuts: false },
    false,
  ]);
});
