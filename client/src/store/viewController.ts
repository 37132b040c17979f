/** Owns the viewport: every pan, zoom and resize goes through here, and the address follows. */

import type { Size } from "../model/canvas";
import type { Point } from "../model/line";
import {
  fitView,
  fromHash,
  type Insets,
  panBy,
  resize,
  reveal,
  toHash,
  type Viewport,
  zoomAt,
} from "../model/viewport";
import { Observable } from "./observable";

/** Below this window width the palette is a bar at the bottom; the style sheet has the same number. */
export const PHONE_MAX_WIDTH = 720;
const ZOOM_STEP = 1.5;
const HASH_DELAY_MS = 250;

const DESKTOP_INSETS: Insets = { top: 64, right: 204, bottom: 64, left: 76 };
const PHONE_INSETS: Insets = { top: 56, right: 8, bottom: 206, left: 8 };

/** How much of each edge the floating panels cover. */
export function insetsFor(width: number): Insets {
  return width <= PHONE_MAX_WIDTH ? PHONE_INSETS : DESKTOP_INSETS;
}

export class ViewController {
  readonly view: Observable<Viewport>;
  private readonly size: () => Size;
  private hashTimer: ReturnType<typeof setTimeout> | undefined;
  /** While true the whole canvas follows the window's size. */
  private fitted = true;

  constructor(size: () => Size, width: number, height: number, hash: string) {
    this.size = size;
    const start: Viewport = { x: size().width / 2, y: size().height / 2, zoom: 1, width, height };
    const wanted = fromHash(hash, start, size());
    this.fitted = wanted === null;
    this.view = new Observable(wanted ?? fitView(start, size(), insetsFor(width)));
  }

  pan(dx: number, dy: number): void {
    this.go(panBy(this.view.get(), dx, dy, this.size()));
  }

  zoomAt(anchor: Point, factor: number): void {
    this.go(zoomAt(this.view.get(), anchor, factor, this.size()));
  }

  /** One step of the buttons and keys, around the middle or `anchor`. */
  zoomStep(direction: 1 | -1, anchor?: Point): void {
    const { width, height } = this.view.get();
    this.zoomAt(anchor ?? { x: width / 2, y: height / 2 }, ZOOM_STEP ** direction);
  }

  showAll(): void {
    this.go(fitView(this.view.get(), this.size(), insetsFor(this.view.get().width)));
    this.fitted = true;
  }

  reveal(cell: Point): void {
    const view = this.view.get();
    this.go(reveal(view, cell, insetsFor(view.width), 24, this.size()));
  }

  resize(width: number, height: number): void {
    const view = resize(this.view.get(), width, height);
    this.view.set(this.fitted ? fitView(view, this.size(), insetsFor(width)) : view);
  }

  /** The address was edited by hand. */
  openHash(hash: string): void {
    const view = fromHash(hash, this.view.get(), this.size());
    if (view && toHash(view) !== toHash(this.view.get())) this.go(view);
  }

  private go(view: Viewport): void {
    this.fitted = false;
    this.view.set(view);
    this.hashTimer ??= setTimeout(() => {
      this.hashTimer = undefined;
      history.replaceState(history.state, "", toHash(this.view.get()));
    }, HASH_DELAY_MS);
  }
}
