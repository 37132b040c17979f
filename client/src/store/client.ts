/** The client as one object: the sync machine and its connection, the view, the tools, and what the page observes. */

import type { ToolName } from "../input/keyboard";
import { type Ink, Painter } from "../input/painter";
import { cellAt, type Size } from "../model/canvas";
import { lockAt } from "../model/canvasInfo";
import type { Point } from "../model/line";
import { Palette } from "../model/palette";
import type { PaintRequest, PaintResult } from "../model/placing";
import { type Refusal, refusalText } from "../model/refusals";
import { SyncMachine } from "../model/syncMachine";
import { cellUnder } from "../model/viewport";
import type { Session } from "../net/api";
import { Connection, type ConnectionPorts, type PageEffect } from "../net/connection";
import { BACKGROUND, DEFAULT_HEIGHT, DEFAULT_WIDTH } from "../protocol/messages.gen";
import { FrameLoop } from "../render/frameLoop";
import type { Outline } from "../render/overlayLayer";
import { watchPixelRatio } from "../render/pixelRatio";
import { Renderer, type Scene } from "../render/renderer";
import { Announcer } from "./announcer";
import { recall, remember } from "./memory";
import { moderationText } from "./moderationText";
import { narrate } from "./narration";
import { Observable } from "./observable";
import { Outage } from "./outage";
import { PixelLookup } from "./pixelLookup";
import { RecentColors, readRecent } from "./recentColors";
import { Settings } from "./settings";
import { StatisticsWatch } from "./statistics";
import { type Status, statusOf } from "./status";
import { Toasts } from "./toasts";
import { ViewController } from "./viewController";

export interface Tools {
  readonly tool: ToolName;
  readonly color: number;
  readonly grid: boolean;
}

/** The cell that the next placement would go to, and who put it there. */
export interface Spot {
  readonly cell: Point;
  readonly source: "pointer" | "keyboard" | "touch";
}

export interface ClientPorts extends Omit<ConnectionPorts, "changed" | "session"> {
  /** The canvas' name. */
  readonly name: string;
  /** Where request ids and stroke numbers start. */
  readonly firstId: number;
  readonly firstStroke: number;
}

/** A placement without an answer for this long is marked on the canvas. */
const WAITING_MARK_MS = 400;
const FIRST_COLOR = 7;
const LINK_REFUSED = "This sign-in link is not valid any more. You go on as before.";
const AWAY_WORTH_TELLING_MS = 1_000;
const OVERWRITTEN = "Somebody painted over a pixel you just placed.";

export class PixelsClient {
  readonly machine: SyncMachine;
  readonly connection: Connection;
  readonly controller: ViewController;
  readonly painter: Painter;
  readonly toasts = new Toasts();
  readonly announcer = new Announcer();
  readonly settings = new Settings();
  readonly recent = new RecentColors();
  readonly lookup: PixelLookup;
  readonly statistics: StatisticsWatch;
  /** Counts up whenever something was painted: the meter has another number. */
  readonly painted = new Observable(0);
  readonly session = new Observable<Session | null>(null);
  /** Whether the browser took the canvas' memory away. */
  readonly surfaceLost = new Observable(false);
  /** The last round trips, oldest first. */
  readonly roundTrips = new Observable<readonly number[]>([]);
  readonly tools: Observable<Tools>;
  readonly spot = new Observable<Spot | null>(null);
  /** The displayed colour at the spot, else in the middle of the window; null outside the canvas. */
  readonly spotColor = new Observable<number | null>(null);
  readonly palette = new Observable(new Palette());
  /** Whether the first-visit hint is shown; painting something takes it away as well. */
  readonly hint = new Observable(recall("hint") !== "done");
  readonly status: Observable<Status>;
  readonly loop: FrameLoop;
  readonly now: () => number;
  readonly name: string;
  private readonly outage = new Outage();
  private size: Size = { width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  private renderer: Renderer | null = null;
  private canvas: HTMLCanvasElement | null = null;

  constructor(ports: ClientPorts) {
    this.now = ports.now;
    this.name = ports.name;
    this.machine = new SyncMachine(this.size, ports.firstId);
    this.connection = new Connection(this.machine, {
      ...ports,
      changed: (effects) => this.changed(effects),
      session: {
        changed: (session) => void this.session.set(session),
        linkRefused: () => this.toasts.show("signin", LINK_REFUSED),
      },
    });
    const size = () => this.machine.board.canvas;
    this.controller = new ViewController(
      size,
      window.innerWidth,
      window.innerHeight,
      window.location.hash,
      () => ({ paletteLeft: this.settings.values.get().side === "left", hint: this.hint.get() }),
    );
    this.statistics = new StatisticsWatch((signal) => ports.api.fetchStatistics(signal));
    this.lookup = new PixelLookup({
      fetchPixel: (x, y, signal) => ports.api.fetchPixel(x, y, signal),
      seq: () => this.machine.board.seq,
    });
    this.painter = new Painter(
      {
        size,
        paint: (request) => this.paint(request),
        announce: (message) => this.machine.announce(message),
        refused: (reason, cells) => {
          this.refused(reason, 1, reason === "locked" ? this.lockReason(cells) : undefined);
        },
      },
      ports.firstStroke,
    );
    const [color = FIRST_COLOR] = readRecent(recall("color"));
    this.tools = new Observable<Tools>({ tool: "brush", color, grid: recall("grid") !== "off" });
    this.status = new Observable(statusOf(this.machine, this.connection, this.now()));
    this.loop = new FrameLoop(() => this.frame());
    for (const observable of [this.controller.view, this.tools, this.spot, this.palette]) {
      observable.subscribe(() => this.loop.invalidate());
    }
    for (const observable of [this.spot, this.spotColor]) observable.subscribe(() => this.lookUpSpot());
    for (const panels of [this.settings.values, this.hint]) panels.subscribe(() => this.controller.refit());
    narrate(this);
  }

  /** The time on the server's clock. */
  serverNow(): number {
    return this.machine.serverTime(this.now());
  }

  /** Draw on this element from now on. */
  attach(canvas: HTMLCanvasElement): void {
    this.canvas = canvas;
    const begin = () => {
      this.renderer = new Renderer(canvas);
      this.machine.board.changes.addAll();
      this.surfaceLost.set(false);
      this.loop.invalidate();
    };
    // Browsers take it away when the graphics driver restarts or memory is short, and give it back by themselves.
    canvas.addEventListener("contextlost", () => void this.surfaceLost.set(true));
    canvas.addEventListener("contextrestored", begin);
    watchPixelRatio(() => this.loop.invalidate());
    begin();
  }

  /** The board as an image, one image pixel a cell, and a number that changes with it; null before the first frame. */
  get picture(): { readonly image: HTMLCanvasElement; readonly version: number } | null {
    return this.renderer && this.renderer.version > 0 ? this.renderer : null;
  }

  /** Take the keyboard from whatever button has it. */
  focusCanvas(): void {
    this.canvas?.focus({ preventScroll: true });
  }

  chooseTool(tool: ToolName): void {
    this.tools.patch({ tool });
  }

  chooseColor(color: number): void {
    this.stepToColor(color);
    this.recent.use(color);
  }

  /** Choose a colour that may only lie on the way to another: it does not count as used. */
  stepToColor(color: number): void {
    this.tools.patch({ color, tool: "brush" });
    remember("color", String(color));
  }

  toggleGrid(): void {
    const grid = !this.tools.get().grid;
    this.tools.patch({ grid });
    remember("grid", grid ? "on" : "off");
  }

  /** A sign-in link was opened in this tab. */
  signInByLink(token: string): void {
    this.connection.signIn(token).catch(() => this.toasts.show("signin", LINK_REFUSED));
  }

  dismissHint(): void {
    if (this.hint.set(false)) remember("hint", "done");
  }

  /** What the present tool would put down. */
  ink(): Ink {
    const { tool, color } = this.tools.get();
    return tool === "eraser" ? { color: BACKGROUND, tool: "eraser" } : { color, tool: "brush" };
  }

  /** The colour on screen of a cell, or null beside the canvas. */
  colorAt(cell: Point): number | null {
    return this.colorOf(cell.x, cell.y);
  }

  /** The colour on screen at a position of the window, or null beside the canvas. */
  colorUnder(at: Point): number | null {
    const { x, y } = cellUnder(this.controller.view.get(), at);
    return this.colorOf(x, y);
  }

  /** The cell of the spot, else the one in the middle of the window. */
  spotCell(): Point {
    const view = this.controller.view.get();
    return this.spot.get()?.cell ?? { x: Math.floor(view.x), y: Math.floor(view.y) };
  }

  refused(reason: Refusal, count: number, detail?: string): void {
    const text = refusalText(reason);
    const more = !detail || detail === text ? "" : reason === "locked" ? ` Reason: ${detail}` : ` ${detail}`;
    this.toasts.show(reason, text + more, "warning", count);
  }

  private lockReason(cells: readonly number[]): string | undefined {
    const { width } = this.machine.board.canvas;
    const locks = this.machine.info?.locks ?? [];
    const found = cells.map((cell) => lockAt(locks, cell % width, Math.floor(cell / width)));
    return found.find((lock) => lock?.reason)?.reason;
  }

  private paint(request: PaintRequest): PaintResult {
    const result = this.machine.paint(request, this.now());
    if (result.placed > 0) {
      this.painted.set(this.painted.get() + 1);
      this.dismissHint();
      if (request.tool === "brush") this.recent.use(request.color);
    }
    return result;
  }

  private changed(effects: readonly PageEffect[]): void {
    this.followSize();
    for (const effect of effects) this.tell(effect);
    const away = this.outage.follow(this.machine.mode, this.now());
    if (away !== null && away >= AWAY_WORTH_TELLING_MS)
      this.toasts.show("reconnected", "Connected again. You see every change.", "good");
    this.roundTrips.set(this.machine.heartbeats.history);
    const curated = this.machine.info?.palette;
    if (curated && !samePalette(curated, this.palette.get().curated)) this.palette.set(new Palette(curated));
    const news = this.status.patch(statusOf(this.machine, this.connection, this.now()));
    const { changes, pending } = this.machine.board;
    if (news || effects.length > 0 || !changes.isEmpty || pending.size > 0) this.loop.invalidate();
  }

  private followSize(): void {
    const { width, height } = this.machine.board.canvas;
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.controller.sizeChanged();
  }

  private tell(effect: PageEffect): void {
    switch (effect.kind) {
      case "refused":
        return this.refused(effect.reason, effect.count, effect.message);
      case "overwritten":
        return this.toasts.show("overwritten", OVERWRITTEN, "info", effect.count);
      case "moderation": {
        const text = moderationText(effect.message, this.machine.info);
        if (text) this.toasts.show(effect.message.type, text, "info");
      }
    }
  }

  private frame(): void {
    this.connection.flush();
    if (!this.surfaceLost.get()) this.renderer?.draw(this.scene());
    const { x, y } = this.spotCell();
    this.spotColor.set(this.colorOf(x, y));
  }

  private lookUpSpot(): void {
    const cell = this.spot.get()?.cell;
    const { canvas } = this.machine.board;
    this.lookup.rest(cell && cellAt(canvas, cell.x, cell.y) !== null ? cell : null);
  }

  private colorOf(x: number, y: number): number | null {
    const { board } = this.machine;
    const cell = cellAt(board.canvas, x, y);
    return cell === null ? null : board.displayed(cell);
  }

  private scene(): Scene {
    const { machine } = this;
    return {
      board: machine.board,
      palette: this.palette.get(),
      view: this.controller.view.get(),
      locks: machine.info?.locks ?? [],
      grid: this.tools.get().grid,
      stale: machine.isStale,
      waitingBefore: machine.isStale ? Number.POSITIVE_INFINITY : this.now() - WAITING_MARK_MS,
      outlines: this.outlines(),
    };
  }

  private outlines(): Outline[] {
    const spot = this.spot.get();
    const { tool } = this.tools.get();
    if (!spot || (tool === "pan" && spot.source === "pointer")) return [];
    if (cellAt(this.machine.board.canvas, spot.cell.x, spot.cell.y) === null) return [];
    const paints = tool === "brush" || tool === "eraser";
    const color = paints ? this.palette.get().hex(this.ink().color) : null;
    const cross = spot.source === "touch";
    return [{ cell: spot.cell, color, cross, blocked: this.painter.isStopped || this.machine.isStale }];
  }
}

function samePalette(one: Palette["curated"], other: Palette["curated"]): boolean {
  return one.every((swatch, slot) => swatch.hex === other[slot].hex && swatch.name === other[slot].name);
}
