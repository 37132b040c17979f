/** What people set once and expect to find again. Kept in this browser only. */

import { recall, remember } from "./memory";
import { Observable } from "./observable";

export type Side = "left" | "right";
export type Theme = "system" | "light" | "dark";

export interface SettingsValues {
  /** Where the palette is; the tools are on the other side. */
  readonly side: Side;
  readonly theme: Theme;
  /** Whether single keys are shortcuts. Arrows, Enter and Escape always work. */
  readonly shortcuts: boolean;
  /** Whether a finger's tap on tiny cells has to be confirmed. */
  readonly precise: boolean;
  /** Whether each swatch carries a sign of its own. */
  readonly signs: boolean;
}

const FIRST: SettingsValues = {
  side: "right",
  theme: "system",
  shortcuts: true,
  precise: true,
  signs: false,
};
const KEY = "settings";

/** Read what was kept; whatever is missing or makes no sense has its first value. */
export function readSettings(text: string | null): SettingsValues {
  const kept = parse(text);
  const flag = (name: "shortcuts" | "precise" | "signs") =>
    typeof kept[name] === "boolean" ? kept[name] : FIRST[name];
  return {
    side: kept.side === "left" ? "left" : "right",
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
    shortcuts: flag("shortcuts"),
    precise: flag("precise"),
    signs: flag("signs"),
  };
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export class Settings {
  readonly values = new Observable(readSettings(recall(KEY)));

  change(fields: Partial<SettingsValues>): void {
    if (this.values.patch(fields)) remember(KEY, JSON.stringify(this.values.get()));
  }
}
