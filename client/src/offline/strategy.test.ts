import { expect, test } from "vitest";
import { strategyOf } from "./strategy";

const HERE = "https://pixels.example";
const ask = (url: string, mode = "cors", method = "GET") =>
  strategyOf({ method, mode, url: HERE + url }, HERE);

test.each(["/", "/?canvas=main", "/index.html"])("%s is the page", (url) => {
  expect(ask(url, "navigate")).toBe("page");
});

test("files with a hash in their name are kept", () => {
  expect(ask("/assets/index-BZ0Rc8sd.js")).toBe("file");
  expect(
    strategyOf({ method: "GET", mode: "cors", url: "https://other.example/assets/a.js" }, HERE),
  ).toBeNull();
});

test.each(["/api/canvas/main/bitmap", "/api/session", "/ws", "/healthz", "/favicon.svg", "/sw.js", "/"])(
  "%s never meets the service worker",
  (url) => {
    expect([ask(url), ask(url, "cors", "POST")]).toEqual([null, null]);
  },
);

test.each(["/api/docs", "/api/canvas/main/canvas.png", "/metrics"])("%s is not the page", (url) => {
  expect(ask(url, "navigate")).toBeNull();
});
