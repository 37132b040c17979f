/** The shape of the client, checked: imports point inward, files stay small, every rule of the model has its test. */

import { describe, expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Which folders a folder may import from, besides itself. `protocol` and `model` know nothing of the browser. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  model: ["protocol"],
  net: ["model", "protocol"],
  render: ["model", "protocol"],
  input: ["model", "protocol"],
  offline: [],
  store: ["model", "protocol", "net", "render", "input"],
  components: ["model", "protocol", "input", "store"],
  testing: ["model", "protocol", "net", "store"],
};

const LONGEST = 400;
const LONGEST_APP = 150;
const TESTED_FOLDERS = ["protocol", "model", "net", "input"];
/** Constants and types, or proven by the golden vectors (vectors.test.ts). */
const WITHOUT_OWN_TEST = ["./protocol/messages.gen.ts", "./protocol/varint.ts", "./model/syncTypes.ts"];

const production = Object.keys(SOURCES).filter((path) => !path.includes(".test."));
const folderOf = (path: string) => path.split("/").slice(1, -1)[0] ?? "";

function importsOf(path: string): string[] {
  const found = SOURCES[path].matchAll(/(?:from|import)\s+"(\.[^"]+)"/g);
  return [...found].map((match) =>
    folderOf(new URL(match[1], `file:///${path.slice(2)}`).pathname.replace("/", "./")),
  );
}

describe("architecture", () => {
  test.each(production.filter((path) => folderOf(path) in ALLOWED))("%s imports only inward", (path) => {
    const own = folderOf(path);
    const outward = importsOf(path).filter((folder) => folder !== own && !ALLOWED[own].includes(folder));
    expect(outward).toEqual([]);
  });

  test.each(production.filter((path) => /\/(model|protocol)\//.test(path)))(
    "%s reads no clock and no DOM",
    (path) => {
      const code = SOURCES[path].replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      expect(code).not.toMatch(
        /\b(Date\.now|performance|Math\.random|setTimeout|window|document|localStorage|fetch)\b\s*[.(]/,
      );
    },
  );

  test("no file outgrows its reader", () => {
    const long = Object.entries(SOURCES)
      .filter(([path, text]) => text.split("\n").length > (path === "./App.tsx" ? LONGEST_APP : LONGEST))
      .map(([path]) => path)
      .filter((path) => !path.includes(".test.") && !path.endsWith(".gen.ts"));
    expect(long).toEqual([]);
  });

  test("every module with rules has its test beside it", () => {
    const missing = production
      .filter((path) => TESTED_FOLDERS.includes(folderOf(path)) && !WITHOUT_OWN_TEST.includes(path))
      .filter((path) => !(path.replace(/\.ts$/, ".test.ts") in SOURCES));
    expect(missing).toEqual([]);
  });
});
