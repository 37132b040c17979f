/** Who placed a pixel and when, as the server tells it, and how that is said. */

/** user, time and seq are null for a pixel that was never placed. */
export interface PixelRecord {
  readonly x: number;
  readonly y: number;
  readonly color: number;
  readonly user: string | null;
  readonly userName: string | null;
  readonly time: number | null;
  readonly seq: number | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Return how long ago a moment is; clocks that differ a little make no future. */
export function agoText(moment: number, now: number): string {
  const passed = now - moment;
  if (passed < 10 * SECOND) return "just now";
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)} s ago`;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  const days = Math.floor(passed / DAY);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name as part of an English sentence: one that is written from right to left must not turn the words around it. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** Return "Ada, 3 min ago"; people without a name are "a guest", `own` is the reader's user. */
export function placedText(record: PixelRecord, own: string | null, now: number): string {
  if (record.user === null || record.time === null) return "Never painted";
  const who = record.user === own ? "you" : isolated(record.userName ?? "a guest");
  return `Placed by ${who}, ${agoText(record.time, now)}`;
}
