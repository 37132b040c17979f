/** Mouse wheels zoom, trackpads scroll: browsers send both as the same event, so the numbers have to tell. */

import type { Point } from "../model/line";

export interface WheelLike {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly timeStamp: number;
  /** Where browsers have it: 120 a notch, whatever the page zoom; three times deltaY, negated, on trackpads. */
  readonly wheelDeltaY?: number;
}

export type WheelAction =
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "pan"; readonly dx: number; readonly dy: number };

/** Events closer together than this belong to one gesture and are read the same way. */
const GESTURE_GAP_MS = 180;
/** One notch of a mouse wheel is at least this many pixels, unless the page is zoomed far in. */
const NOTCH = 50;
const NOTCH_TICKS = 120;
const LINE_HEIGHT = 20;
const PINCH_SPEED = 0.01;
const NOTCH_FACTOR = 1.25;

export class WheelReader {
  private lastAt = Number.NEGATIVE_INFINITY;
  private lastKind: "zoom" | "pan" = "zoom";

  read(event: WheelLike): WheelAction {
    const unit = event.deltaMode === 0 ? 1 : LINE_HEIGHT;
    // A trackpad pinch arrives as a wheel with ctrlKey; its deltas are small and continuous.
    if (event.ctrlKey || event.metaKey)
      return { kind: "zoom", factor: Math.exp(-clampStep(event.deltaY * unit) * PINCH_SPEED) };
    const sameGesture = event.timeStamp - this.lastAt < GESTURE_GAP_MS;
    const sideways = event.deltaY === 0;
    const kind = sideways ? "pan" : sameGesture ? this.lastKind : looksLikeWheel(event) ? "zoom" : "pan";
    this.lastAt = event.timeStamp;
    if (!sideways) this.lastKind = kind;
    if (kind === "pan") return { kind, dx: -event.deltaX * unit, dy: -event.deltaY * unit };
    return { kind, factor: event.deltaY < 0 ? NOTCH_FACTOR : 1 / NOTCH_FACTOR };
  }
}

/** A mouse wheel moves in whole notches along one axis. */
function looksLikeWheel(event: WheelLike): boolean {
  if (event.deltaMode !== 0) return true;
  const ticks = event.wheelDeltaY ?? 0;
  const inTicks = ticks !== 0 && ticks % NOTCH_TICKS === 0 && ticks !== -3 * event.deltaY;
  return event.deltaX === 0 && (inTicks || Math.abs(event.deltaY) >= NOTCH);
}

function clampStep(delta: number): number {
  return Math.max(-40, Math.min(40, delta));
}

/** Listen to the wheel on `element`. */
export function attachWheel(element: HTMLElement, act: (action: WheelAction, at: Point) => void): () => void {
  const reader = new WheelReader();
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const { left, top } = element.getBoundingClientRect();
    act(reader.read(event), { x: event.clientX - left, y: event.clientY - top });
  };
  element.addEventListener("wheel", onWheel, { passive: false });
  return () => element.removeEventListener("wheel", onWheel);
}
