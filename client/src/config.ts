/** The only reader of the page's address and build settings. */

const CANVAS_NAME = /^[A-Za-z0-9_-]{1,64}$/;

function canvasFromQuery(): string {
  const name = new URLSearchParams(globalThis.location?.search ?? "").get("canvas");
  return name && CANVAS_NAME.test(name) ? name : "main";
}

export const config = {
  /** Which canvas the page shows: `?canvas=name`, else `main`. */
  canvas: canvasFromQuery(),
} as const;

/** Return the socket's address on the page's own origin. */
export function socketUrl(since: number, epoch: string): string {
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = new URLSearchParams({ canvas: config.canvas, since: String(since), epoch }).toString();
  return url.href;
}
