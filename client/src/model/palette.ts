/** Which colour each slot shows: 0 to 31 curated (a moderator may edit them), 32 to 247 the web-safe colours. */

import {
  COLOR_COUNT,
  CURATED,
  CURATED_COUNT,
  SAFE_FIRST,
  SAFE_LEVELS,
  type SwatchInfo,
} from "../protocol/messages.gen";
import { distanceSquared, type Oklab, type Rgb, toOklab } from "./oklab";

const SAFE: readonly Rgb[] = SAFE_LEVELS.flatMap((red) =>
  SAFE_LEVELS.flatMap((green) => SAFE_LEVELS.map((blue): Rgb => [red, green, blue])),
);

export class Palette {
  readonly curated: readonly SwatchInfo[];
  /** Every valid slot's colour, in slot order. */
  readonly colors: readonly Rgb[];
  private lab: readonly Oklab[] | null = null;

  constructor(curated: readonly SwatchInfo[] = CURATED) {
    this.curated = curated;
    this.colors = [...curated.map((swatch) => parseHex(swatch.hex)), ...SAFE];
  }

  /** Return "#rrggbb" of a slot. */
  hex(slot: number): string {
    return formatHex(this.colors[slot]);
  }

  /** Return the swatch's name, or "#rrggbb" for a web-safe slot. */
  name(slot: number): string {
    return slot < CURATED_COUNT ? this.curated[slot].name : this.hex(slot);
  }

  /** Return the slot in `first..last` that looks closest to `rgb`; the lowest slot of equals. */
  nearest(rgb: Rgb, first = 0, last = COLOR_COUNT - 1): number {
    this.lab ??= this.colors.map(toOklab);
    const wanted = toOklab(rgb);
    let best = first;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let slot = first; slot <= last; slot++) {
      const distance = distanceSquared(wanted, this.lab[slot]);
      if (distance < bestDistance) {
        best = slot;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Return the closest web-safe slot. */
  nearestSafe(rgb: Rgb): number {
    return this.nearest(rgb, SAFE_FIRST);
  }

  /** Return what a custom colour becomes: the curated slot that is exactly it, else the closest web-safe one. */
  snap(rgb: Rgb): number {
    const exact = this.curated.findIndex((swatch) => swatch.hex.toLowerCase() === formatHex(rgb));
    return exact >= 0 ? exact : this.nearestSafe(rgb);
  }
}

/** Read "#rrggbb". */
export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

export function formatHex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance as WCAG 2 has it, 0 to 1. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Return black or white, whichever reads better on this colour: always at least 4.5:1. */
export function inkOn(rgb: Rgb): "#000000" | "#ffffff" {
  return luminance(rgb) > 0.179 ? "#000000" : "#ffffff";
}

/** A sign for each curated slot, different from all others; the first ten are the keys that choose them. */
const SIGNS = "1234567890ABCDEFGHIJKLMNOPQRSTUV";

export function signOf(slot: number): string {
  return SIGNS[slot] ?? "";
}

const HEX = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;

/** Read what somebody typed as a colour, with or without "#", short or long; null where it is none. */
export function readHex(text: string): string | null {
  const digits = HEX.exec(text.trim())?.[1].toLowerCase();
  if (!digits) return null;
  return digits.length === 6 ? `#${digits}` : `#${[...digits].map((digit) => digit + digit).join("")}`;
}

/** Whether dark marks (a tick, an outline) are better to see on this colour than light ones. */
export function isLight(rgb: Rgb): boolean {
  return toOklab(rgb)[0] > 0.68;
}
