/** Mouse, pen and touch on the canvas: what is painting, what is panning, what is pinching. */

import type { Point } from "../model/line";
import type { ToolName } from "./keyboard";

export interface PointerActions {
  tool(): ToolName;
  /** Whether a drag pans whatever the tool is (the space bar is held). */
  panHeld(): boolean;
  /** Whether one finger pans because cells are too small to be meant. */
  fingerPans(): boolean;
  /** A finger tapped; says whether that was all, else the tap paints. */
  tap(at: Point): boolean;
  beginStroke(at: Point): void;
  extendStroke(points: readonly Point[]): void;
  endStroke(): void;
  pick(at: Point, done: boolean): void;
  pan(dx: number, dy: number): void;
  pinch(anchor: Point, factor: number): void;
  /** Where the mouse is, null when it left. */
  hover(at: Point | null): void;
  grabbing(active: boolean): void;
}

type Gesture =
  | { readonly kind: "idle" }
  /** A finger is down and may still become a tap, a stroke, a pan or half of a pinch. */
  | { readonly kind: "undecided"; readonly from: Point; readonly way: Point[] }
  | { readonly kind: "painting" }
  | { readonly kind: "picking" }
  | { readonly kind: "panning"; readonly last: Point }
  | { readonly kind: "pinching" }
  /** Fingers of a finished pinch are still down. */
  | { readonly kind: "spent" };

/** A finger that moved this many CSS pixels is no tap. */
const TOUCH_SLOP = 7;

export class PointerGestures {
  private gesture: Gesture = { kind: "idle" };
  private readonly pointers = new Map<number, Point>();
  /** What the first pointer is. */
  private lead = "";
  private readonly actions: PointerActions;

  constructor(actions: PointerActions) {
    this.actions = actions;
  }

  down(id: number, at: Point, type: string, button: number): void {
    if (this.pointers.size > 0 && type !== this.lead) {
      // A hand that rests on the screen while its pen or mouse paints is no finger, whichever came first.
      if (type === "touch") return;
      this.cancelAll();
    }
    this.lead = type;
    this.pointers.set(id, at);
    if (this.pointers.size > 1) {
      if (type === "touch") this.beginPinch();
      return;
    }
    if (button === 1 || this.actions.panHeld() || this.actions.tool() === "pan") this.beginPan(at);
    else if (button !== 0) this.gesture = { kind: "spent" };
    else if (type === "touch") this.gesture = { kind: "undecided", from: at, way: [at] };
    else if (this.actions.tool() === "eyedropper") this.beginPick(at);
    else this.beginStroke([at]);
  }

  /** `points`: where the pointer was since the last event, oldest first, at least one. */
  move(id: number, points: readonly Point[]): void {
    const before = this.pointers.get(id);
    if (!before) return;
    const at = points[points.length - 1];
    if (this.gesture.kind === "pinching") this.movePinch(id, before, at);
    this.pointers.set(id, at);
    switch (this.gesture.kind) {
      case "undecided":
        return this.decide(this.gesture, points);
      case "painting":
        return this.actions.extendStroke(points);
      case "picking":
        return this.actions.pick(at, false);
      case "panning":
        this.actions.pan(at.x - this.gesture.last.x, at.y - this.gesture.last.y);
        this.gesture = { kind: "panning", last: at };
    }
  }

  up(id: number, at: Point): void {
    if (!this.pointers.delete(id)) return;
    const tapped = this.gesture.kind === "undecided";
    if (this.gesture.kind === "picking" || (tapped && this.actions.tool() === "eyedropper"))
      this.actions.pick(at, true);
    else if (tapped && !this.actions.tap(at)) this.beginStroke([at]);
    this.finish();
  }

  /** The browser took the pointer away, or the window lost the focus. */
  cancel(id: number): void {
    if (this.pointers.delete(id)) this.finish();
  }

  cancelAll(): void {
    this.pointers.clear();
    this.finish();
  }

  private beginStroke(way: readonly Point[]): void {
    this.gesture = { kind: "painting" };
    this.actions.beginStroke(way[0]);
    if (way.length > 1) this.actions.extendStroke(way.slice(1));
  }

  private beginPick(at: Point): void {
    this.gesture = { kind: "picking" };
    this.actions.pick(at, false);
  }

  private beginPan(at: Point): void {
    this.gesture = { kind: "panning", last: at };
    this.actions.grabbing(true);
  }

  private beginPinch(): void {
    if (this.gesture.kind === "painting") this.actions.endStroke();
    this.gesture = { kind: "pinching" };
  }

  private decide(gesture: Extract<Gesture, { kind: "undecided" }>, points: readonly Point[]): void {
    gesture.way.push(...points);
    const at = points[points.length - 1];
    if (Math.hypot(at.x - gesture.from.x, at.y - gesture.from.y) < TOUCH_SLOP) return;
    if (this.actions.tool() === "eyedropper") this.beginPick(at);
    else if (this.actions.fingerPans()) this.beginPan(at);
    else this.beginStroke(gesture.way);
  }

  /** Two fingers: the middle between them pans, their distance zooms. */
  private movePinch(id: number, before: Point, at: Point): void {
    const other = [...this.pointers.entries()].find(([otherId]) => otherId !== id)?.[1];
    if (!other) return;
    this.actions.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    const distance = Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    const factor = Math.hypot(at.x - other.x, at.y - other.y) / distance;
    this.actions.pinch({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, factor);
  }

  private finish(): void {
    if (this.gesture.kind === "painting") this.actions.endStroke();
    this.actions.grabbing(false);
    this.gesture = { kind: this.pointers.size > 0 ? "spent" : "idle" };
  }
}

/** Listen to the pointers on `element`. */
export function attachPointer(element: HTMLElement, actions: PointerActions): () => void {
  const gestures = new PointerGestures(actions);
  const origin = () => element.getBoundingClientRect();
  const position = (event: PointerEvent, from = origin()): Point => ({
    x: event.clientX - from.left,
    y: event.clientY - from.top,
  });
  const listeners: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
    pointerdown: (event) => {
      element.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault();
      gestures.down(event.pointerId, position(event), event.pointerType, event.button);
    },
    pointermove: (event) => {
      const from = origin();
      const coalesced = event.getCoalescedEvents?.() ?? [];
      const events = coalesced.length > 0 ? coalesced : [event];
      gestures.move(
        event.pointerId,
        events.map((one) => position(one, from)),
      );
      if (event.pointerType !== "touch") actions.hover(position(event, from));
    },
    pointerup: (event) => gestures.up(event.pointerId, position(event)),
    pointercancel: (event) => gestures.cancel(event.pointerId),
    lostpointercapture: (event) => gestures.cancel(event.pointerId),
    pointerleave: () => actions.hover(null),
    contextmenu: (event) => event.preventDefault(),
  };
  const onBlur = () => gestures.cancelAll();
  const names = Object.keys(listeners) as (keyof typeof listeners)[];
  for (const name of names) element.addEventListener(name, listeners[name] as EventListener);
  window.addEventListener("blur", onBlur);
  return () => {
    for (const name of names) element.removeEventListener(name, listeners[name] as EventListener);
    window.removeEventListener("blur", onBlur);
  };
}
