/** Which requests the service worker answers, and how. Whatever is not named here never meets it. */

export type Strategy =
  /** From the network; what is kept only where the network or the server is away. */
  | "page"
  /** From what is kept: its name changes with its contents. */
  | "file";

export interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

/** Return the strategy for a request, or null for the API, the canvas, the socket, other sites and everything else. */
export function strategyOf({ method, mode, url }: Asked, origin: string): Strategy | null {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return null;
  if (mode === "navigate") return ["/", "/index.html"].includes(address.pathname) ? "page" : null;
  return address.pathname.startsWith("/assets/") ? "file" : null;
}
