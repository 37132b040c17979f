/** The canvas' statistics, asked for now and then while somebody looks. */

import type { Statistics } from "../net/api";
import { Observable } from "./observable";

export const EVERY_MS = 15_000;

export class StatisticsWatch {
  readonly latest = new Observable<Statistics | null>(null);
  private readonly fetch: (signal: AbortSignal) => Promise<Statistics>;

  constructor(fetch: (signal: AbortSignal) => Promise<Statistics>) {
    this.fetch = fetch;
  }

  /** Ask now and every 15 s while the page is visible; returns how to stop. */
  watch(): () => void {
    const stopped = new AbortController();
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      this.fetch(stopped.signal).then(
        (statistics) => void (stopped.signal.aborted || this.latest.set(statistics)),
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      clearInterval(timer);
      stopped.abort();
    };
  }
}
