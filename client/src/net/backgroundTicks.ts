/** Ticks that hidden tabs get too. */

/** Often enough for a heartbeat in time. */
const EVERY_MS = 10_000;

/**
 * Call `tick` every 10 s. Browsers let the timers of a tab that is hidden for minutes run once a minute, which is longer
 * than the server keeps a silent socket; they leave the timers of workers alone. Without workers such tabs reconnect
 * once a minute.
 */
export function tickInBackground(tick: () => void): void {
  try {
    const source = new Blob([`setInterval(() => postMessage(0), ${EVERY_MS})`], { type: "text/javascript" });
    new Worker(URL.createObjectURL(source)).onmessage = tick;
  } catch {
    // Nothing to do: the page's own timers go on.
  }
}
