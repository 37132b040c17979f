/** Owns the viewport: every pan, zoom and resize goes through here, and the address follows. */

import type { Size } from "../model/canvas";
import type { Point } from "../model/line";
import {
  centerOn,
  fitView,
  fromHash,
  type Insets,
  panBy,
  resize,
  reveal,
  showsAll,
  toHash,
  type Viewport,
  zoomAt,
  zoomTo,
} from "../model/viewport";
import { insetsFor, type Panels } from "./layout";
import { Observable } from "./observable";

const ZOOM_STEP = 1.5;
const HASH_DELAY_MS = 250;

/** Where the Z key goes from a view of everything. */
const CLOSE_ZOOM = 16;
/** What the confirm bar takes from a phone's canvas. */
const CONFIRM_BAR = 128;

const NO_PANELS: Panels = { paletteLeft: false, hint: false };

export class ViewController {
  readonly view: Observable<Viewport>;
  private readonly size: () => Size;
  private readonly panels: () => Panels;
  private hashTimer: ReturnType<typeof setTimeout> | undefined;
  /** While true the whole canvas follows the window's size. */
  private fitted = true;
  /** The address that was opened, until somebody moves: it may name a place on a canvas whose size is not known yet. */
  private opened: string;

  constructor(
    size: () => Size,
    width: number,
    height: number,
    hash: string,
    panels: () => Panels = () => NO_PANELS,
  ) {
    this.size = size;
    this.opened = hash;
    this.panels = panels;
    const start: Viewport = { x: size().width / 2, y: size().height / 2, zoom: 1, width, height };
    const wanted = fromHash(hash, start, size());
    this.fitted = wanted === null;
    this.view = new Observable(wanted ?? fitView(start, size(), this.insets(start)));
  }

  pan(dx: number, dy: number): void {
    this.go(panBy(this.view.get(), dx, dy, this.size()));
  }

  zoomAt(anchor: Point, factor: number): void {
    this.go(zoomAt(this.view.get(), anchor, factor, this.size()));
  }

  /** One step of the buttons and keys, around the middle or `anchor`. */
  zoomStep(direction: 1 | -1, anchor?: Point): void {
    this.zoomAt(anchor ?? this.middle(), ZOOM_STEP ** direction);
  }

  showAll(): void {
    this.go(fitView(this.view.get(), this.size(), this.insets(this.view.get())));
    this.fitted = true;
  }

  /** One CSS pixel a cell. */
  showActualSize(): void {
    this.go(zoomTo(this.view.get(), this.middle(), 1, this.size()));
  }

  /** From everything to close up at `anchor`, and back. */
  toggleZoom(anchor?: Point): void {
    if (!showsAll(this.view.get(), this.size())) this.showAll();
    else this.go(zoomTo(this.view.get(), anchor ?? this.middle(), CLOSE_ZOOM, this.size()));
  }

  centerOn(at: Point): void {
    this.go(centerOn(this.view.get(), at, this.size()));
  }

  /** Bring a cell out from under the panels; `bar`: the confirm bar is one of them. */
  reveal(cell: Point, bar = false): void {
    const view = this.view.get();
    const insets = this.insets(view);
    const covered = bar ? { ...insets, bottom: insets.bottom + CONFIRM_BAR } : insets;
    this.go(reveal(view, cell, covered, 24, this.size()));
  }

  resize(width: number, height: number): void {
    const view = resize(this.view.get(), width, height);
    this.view.set(this.fitted ? fitView(view, this.size(), this.insets(view)) : view);
  }

  /** The panels changed sides. */
  refit(): void {
    const { width, height } = this.view.get();
    this.resize(width, height);
  }

  /** The canvas turned out to have another size. */
  sizeChanged(): void {
    const view = this.view.get();
    const wanted = fromHash(this.opened, view, this.size());
    if (wanted) this.view.set(wanted);
    else if (this.fitted) this.refit();
    else this.view.set(centerOn(view, view, this.size()));
  }

  /** The address was edited by hand. */
  openHash(hash: string): void {
    const view = fromHash(hash, this.view.get(), this.size());
    if (view && toHash(view) !== toHash(this.view.get())) this.go(view);
    this.opened = hash;
  }

  private middle(): Point {
    const { width, height } = this.view.get();
    return { x: width / 2, y: height / 2 };
  }

  /** How much of each edge the panels cover. */
  insets({ width, height }: Viewport): Insets {
    return insetsFor(width, height, this.panels());
  }

  private go(view: Viewport): void {
    this.fitted = false;
    this.opened = "";
    this.view.set(view);
    this.hashTimer ??= setTimeout(() => {
      this.hashTimer = undefined;
      history.replaceState(history.state, "", toHash(this.view.get()));
    }, HASH_DELAY_MS);
  }
}
