/** How the panels lie around the canvas. The style sheets draw the same lines: 559, 720, 1060, 500 and 420 CSS pixels. */

import type { Insets } from "../model/viewport";

/**
 * - `phone`: tools and palette are a bar at the bottom,
 * - `tiny`: the same with one row of colours, for windows zoomed to 400 %,
 * - `low`: a phone on its side or a very low window; small palette at the side, tools and zoom where there is room,
 * - `wide`: panels float at the edges.
 */
export type Layout = "phone" | "tiny" | "low" | "wide";

const PHONE_UP_TO = 559;
const BAR_UP_TO = 720;
const LOW_UP_TO = 500;
const TINY_UP_TO = 420;

/** What each layout's panels cover of the edges, the palette on the right. */
const INSETS: Readonly<Record<Layout, Insets>> = {
  phone: { top: 60, right: 8, bottom: 228, left: 8 },
  tiny: { top: 60, right: 8, bottom: 168, left: 8 },
  low: { top: 66, right: 237, bottom: 66, left: 118 },
  wide: { top: 66, right: 204, bottom: 66, left: 76 },
};
/** The same at the bottom while the first-visit hint lies there. */
const HINT_BOTTOM: Readonly<Record<Layout, number>> = { phone: 276, tiny: 204, low: 106, wide: 122 };
/** Up to this width the hint of the wide layout lies above readout and zoom. */
const STACKED_UP_TO = 1060;
const STACKED = 54;

export interface Panels {
  readonly paletteLeft: boolean;
  readonly hint: boolean;
}

export function layoutOf(width: number, height: number): Layout {
  if (width <= PHONE_UP_TO) return height <= TINY_UP_TO ? "tiny" : "phone";
  if (height <= LOW_UP_TO) return "low";
  return width <= BAR_UP_TO ? "phone" : "wide";
}

/** How much of each edge the panels cover. */
export function insetsFor(width: number, height: number, { paletteLeft, hint }: Panels): Insets {
  const layout = layoutOf(width, height);
  const { top, right, left, bottom } = INSETS[layout];
  const sides =
    paletteLeft && (layout === "wide" || layout === "low") ? { left: right, right: left } : { left, right };
  const stacked = layout === "wide" && width <= STACKED_UP_TO ? STACKED : 0;
  return { ...sides, top, bottom: hint ? HINT_BOTTOM[layout] + stacked : bottom };
}
