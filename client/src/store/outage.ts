/** Notices when a connection that was there comes back. */

import type { Mode } from "../model/syncTypes";

export class Outage {
  private wasLive = false;
  private since: number | null = null;

  /** Follow the mode; returns how long the connection was away at the moment it is back, else null. */
  follow(mode: Mode, now: number): number | null {
    if (mode === "offline" && this.wasLive) this.since ??= now;
    if (mode !== "live") return null;
    this.wasLive = true;
    const away = this.since === null ? null : now - this.since;
    this.since = null;
    return away;
  }
}
