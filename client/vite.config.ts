import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SERVER = "http://127.0.0.1:8000";
const WORKER = "sw.js";

export default defineConfig({
  plugins: [react(), listOfFiles()],
  server: {
    proxy: {
      "/api": { target: SERVER },
      "/ws": { target: SERVER, ws: true },
    },
  },
  build: {
    outDir: "../pixels/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", worker: "src/offline/worker.ts" },
      output: {
        // Its address is its identity: browsers ask it again for what is new.
        entryFileNames: ({ name }) => (name === "worker" ? WORKER : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});

/** Tells the service worker which files a build has, and gives the build an id of its own. */
function listOfFiles(): Plugin {
  return {
    name: "pixels:list-of-files",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") throw new Error("There is no service worker.");
        const files = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
        const entry = files.find((name) => /^assets\/index-.*\.js$/.test(name));
        const page = bundle["index.html"];
        const text = page?.type === "asset" ? page.source.toString() : "";
        if (!entry || !text.includes(entry)) throw new Error("The page does not name its entry.");
        const digest = await crypto.subtle.digest(
          "SHA-256",
          new TextEncoder().encode(text + files.sort().join()),
        );
        const id = [...new Uint8Array(digest, 0, 6)]
          .map((byte) => byte.toString(16).padStart(2, "0"))
          .join("");
        const build = JSON.stringify({ id, entry, files: files.map((name) => `/${name}`) });
        if (!worker.code.includes("__BUILD__"))
          throw new Error("The service worker does not ask for its files.");
        worker.code = worker.code.replace("__BUILD__", () => build);
      },
    },
  };
}
