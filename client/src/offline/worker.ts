/// <reference lib="webworker" />
/**
 * The service worker: after one visit the page opens without a network. It keeps the files of one build, never the
 * canvas or anything else of the API. Built as /sw.js.
 */

import { strategyOf } from "./strategy";

declare const self: ServiceWorkerGlobalScope;
/** Put in by vite.config.ts. `entry` is named by the page of this build and no other. */
declare const __BUILD__: { readonly id: string; readonly entry: string; readonly files: readonly string[] };

const BUILD = __BUILD__;
const PREFIX = "pixels-";
const PAGE = "/";
/** Whoever waits longer for the page has a network in name only. */
const PATIENCE_MS = 8_000;

self.addEventListener("install", (event) => event.waitUntil(keepBuild()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOtherBuilds()));
self.addEventListener("fetch", (event) => {
  const strategy = strategyOf(event.request, self.location.origin);
  if (strategy === "page") event.respondWith(page(event.request));
  if (strategy === "file") event.respondWith(file(event.request));
});

async function keepBuild(): Promise<void> {
  const answer = await fetch(PAGE, { cache: "no-cache" });
  // In the middle of an update server and page may be of two builds. The browser tries again at the next visit.
  if (!answer.ok || !(await answer.clone().text()).includes(BUILD.entry)) throw new Error("Another build.");
  const cache = await caches.open(PREFIX + BUILD.id);
  await cache.addAll([...BUILD.files]);
  await cache.put(PAGE, answer);
  await self.skipWaiting();
}

async function forgetOtherBuilds(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + BUILD.id);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status < 500) return answer;
    return (await kept(PAGE)) ?? answer;
  } catch (problem) {
    const answer = await kept(PAGE);
    if (answer) return answer;
    throw problem;
  }
}

async function file(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request);
}

/** Without storage (private windows) nothing is kept. */
async function kept(what: RequestInfo): Promise<Response | undefined> {
  return caches.match(what, { ignoreVary: true }).catch(() => undefined);
}
