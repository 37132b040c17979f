/** The colours that were used last, newest first; remembered. */

import { COLOR_COUNT } from "../protocol/messages.gen";
import { recall, remember } from "./memory";
import { Observable } from "./observable";

export const RECENT_COUNT = 8;
const KEY = "recent";

export function readRecent(text: string | null): readonly number[] {
  const slots = (text ?? "").split(",").filter(Boolean).map(Number);
  return [
    ...new Set(slots.filter((slot) => Number.isInteger(slot) && slot >= 0 && slot < COLOR_COUNT)),
  ].slice(0, RECENT_COUNT);
}

export class RecentColors {
  readonly list = new Observable(readRecent(recall(KEY)));

  use(slot: number): void {
    const before = this.list.get();
    if (before.includes(slot)) return;
    const after = [slot, ...before].slice(0, RECENT_COUNT);
    this.list.set(after);
    remember(KEY, after.join(","));
  }
}
