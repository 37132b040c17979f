/** What pointer, wheel and keyboard do to the client. */

import type { Command, KeyboardActions } from "../input/keyboard";
import type { PointerActions } from "../input/pointer";
import type { WheelAction } from "../input/wheel";
import type { Point } from "../model/line";
import { cellUnder, clamp, toScreen } from "../model/viewport";
import { CURATED_COUNT } from "../protocol/messages.gen";
import type { PixelsClient } from "./client";
import { Observable } from "./observable";

/** With cells smaller than this many CSS pixels a finger's drag pans: nobody draws lines 20 cells thick on purpose. */
const FINGER_PAINTS_FROM_ZOOM = 2;
/** With precise placing on, a finger has to aim at cells of at least this many CSS pixels, or confirm. */
const FINGER_AIMS_FROM_ZOOM = 12;

/** What can lie over the page; one at a time. */
export type SheetName = "help" | "settings" | "color" | "session" | "export";

/** State of the page that only concerns people's hands. */
export interface Hands {
  readonly grabbing: boolean;
  readonly panHeld: boolean;
  readonly painting: boolean;
}

export class Actions implements PointerActions, KeyboardActions {
  readonly hands = new Observable<Hands>({ grabbing: false, panHeld: false, painting: false });
  /** The sheet that lies over the page. */
  readonly sheet = new Observable<SheetName | null>(null);
  /** Whether the details of the status are open. */
  readonly details = new Observable(false);
  private readonly client: PixelsClient;
  private pannedWhileHeld = false;
  /** Where the pointer is in the window; null while it is elsewhere. */
  private pointer: Point | null = null;

  constructor(client: PixelsClient) {
    this.client = client;
    // The canvas may move under a pointer that rests: by keys, by the address, by a new window size.
    client.controller.view.subscribe(() => {
      if (client.spot.get()?.source === "pointer") this.hover(this.pointer);
    });
  }

  tool = () => this.client.tools.get().tool;
  shortcuts = () => this.client.settings.values.get().shortcuts;
  panHeld = () => this.hands.get().panHeld;
  fingerPans = () => this.client.controller.view.get().zoom < this.fingerZoom();

  /** On tiny cells a tap chooses the cell, and the confirm bar places the pixel. */
  tap(at: Point): boolean {
    const { client } = this;
    if (!client.settings.values.get().precise) return false;
    if (client.controller.view.get().zoom >= FINGER_AIMS_FROM_ZOOM) return false;
    const cell = this.cell(at);
    const onCanvas = client.colorAt(cell) !== null;
    client.spot.set(onCanvas ? { cell, source: "touch" } : null);
    if (onCanvas) client.controller.reveal(cell, true);
    return true;
  }

  beginStroke(at: Point): void {
    if (this.client.spot.get()?.source === "touch") this.client.spot.set(null);
    this.client.painter.begin(this.cell(at), this.client.ink());
    this.hands.patch({ painting: true });
    this.client.loop.invalidate();
  }

  extendStroke(points: readonly Point[]): void {
    this.client.painter.extend(points.map((point) => this.cell(point)));
    this.client.loop.invalidate();
  }

  endStroke(): void {
    this.client.painter.end();
    this.hands.patch({ painting: false });
    this.client.loop.invalidate();
  }

  pick(at: Point, done: boolean): void {
    const color = this.client.colorUnder(at);
    if (color !== null) this.client.tools.patch({ color });
    if (done) this.client.chooseColor(this.client.tools.get().color);
  }

  pan(dx: number, dy: number): void {
    this.pannedWhileHeld = true;
    this.client.controller.pan(dx, dy);
  }

  pinch(anchor: Point, factor: number): void {
    this.client.controller.zoomAt(anchor, factor);
  }

  wheel(action: WheelAction, at: Point): void {
    this.pointer = at;
    if (action.kind === "pan") this.client.controller.pan(action.dx, action.dy);
    else this.client.controller.zoomAt(at, action.factor);
  }

  hover(at: Point | null): void {
    this.pointer = at;
    const before = this.client.spot.get();
    if (!at) {
      if (before?.source === "pointer") this.client.spot.set(null);
      return;
    }
    const cell = this.cell(at);
    if (before?.source === "pointer" && before.cell.x === cell.x && before.cell.y === cell.y) return;
    this.client.spot.set({ cell, source: "pointer" });
  }

  grabbing(active: boolean): void {
    this.hands.patch({ grabbing: active });
  }

  holdPan(held: boolean): void {
    if (held) this.pannedWhileHeld = false;
    this.hands.patch({ panHeld: held });
  }

  tapSpace(): void {
    if (!this.pannedWhileHeld && this.client.spot.get()?.source === "keyboard") this.run({ kind: "place" });
  }

  run(command: Command): void {
    const { client } = this;
    switch (command.kind) {
      case "tool":
        return client.chooseTool(command.tool);
      case "zoom":
        return client.controller.zoomStep(command.direction, this.spotOnScreen());
      case "move":
        return this.moveSpot(command.dx, command.dy);
      case "place":
        return this.place();
      case "color":
        return client.chooseColor(command.slot);
      case "nextColor": {
        const { color } = client.tools.get();
        return client.stepToColor((color + command.step + CURATED_COUNT) % CURATED_COUNT);
      }
      case "grid":
        return client.toggleGrid();
      case "fit":
        return client.controller.showAll();
      case "zoomToggle": {
        const spot = client.spot.get();
        return client.controller.toggleZoom(spot ? this.onScreen(spot.cell) : undefined);
      }
      case "help":
        this.toggleHelp();
        return;
      case "escape":
        client.painter.end();
        this.sheet.set(null);
        this.details.set(false);
        client.spot.set(null);
    }
  }

  private toggleHelp(): void {
    const before = this.sheet.get();
    if (before === null || before === "help") this.sheet.set(before ? null : "help");
  }

  /** The arrow keys move a visible cell; it starts under the pointer or in the middle of the window. */
  private moveSpot(dx: number, dy: number): void {
    const { width, height } = this.client.machine.board.canvas;
    const before = this.client.spot.get();
    const from = this.client.spotCell();
    const step = before ? { dx, dy } : { dx: 0, dy: 0 };
    const cell = { x: clamp(from.x + step.dx, 0, width - 1), y: clamp(from.y + step.dy, 0, height - 1) };
    // The confirm bar's arrows keep the focus where it is.
    const byTouch = before?.source === "touch";
    this.client.spot.set({ cell, source: byTouch ? "touch" : "keyboard" });
    if (!byTouch) this.client.focusCanvas();
    this.client.controller.reveal(cell, byTouch);
  }

  private place(): void {
    const spot = this.client.spot.get();
    if (!spot) return;
    if (this.tool() === "eyedropper") this.pick(this.onScreen(spot.cell), true);
    else if (this.tool() !== "pan" && this.client.painter.dot(spot.cell, this.client.ink())) {
      const { x, y } = spot.cell;
      const color = this.client.palette.get().name(this.client.ink().color);
      if (spot.source === "touch") this.client.spot.set(null);
      this.client.announcer.say(`Placed ${color} at column ${x}, row ${y}`);
    }
    this.client.loop.invalidate();
  }

  private fingerZoom(): number {
    return this.client.settings.values.get().precise ? FINGER_AIMS_FROM_ZOOM : FINGER_PAINTS_FROM_ZOOM;
  }

  private spotOnScreen(): Point | undefined {
    const spot = this.client.spot.get();
    return spot && spot.source !== "pointer" ? this.onScreen(spot.cell) : undefined;
  }

  private onScreen(cell: Point): Point {
    return toScreen(this.client.controller.view.get(), cell.x + 0.5, cell.y + 0.5);
  }

  private cell(at: Point): Point {
    return cellUnder(this.client.controller.view.get(), at);
  }
}
