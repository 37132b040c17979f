/** One frame: bring the image up to date, then draw everything the scene names. */

import type { Board } from "../model/board";
import type { Palette } from "../model/palette";
import type { Viewport } from "../model/viewport";
import type { LockInfo } from "../protocol/messages.gen";
import { BitmapLayer } from "./bitmapLayer";
import { drawEdge, drawGrid, drawPixels } from "./boardLayer";
import { forgetPatterns } from "./hatch";
import { drawLocks, drawOutline, drawStale, drawWaiting, type Outline } from "./overlayLayer";
import { surfaceOf } from "./surface";

export interface Scene {
  readonly board: Board;
  readonly palette: Palette;
  readonly view: Viewport;
  readonly locks: readonly LockInfo[];
  readonly grid: boolean;
  readonly stale: boolean;
  /** Placements made before this moment (epoch milliseconds) are marked as waiting. */
  readonly waitingBefore: number;
  readonly outlines: readonly Outline[];
}

export class Renderer {
  private readonly context: CanvasRenderingContext2D;
  private readonly layer = new BitmapLayer();
  private palette: Palette | null = null;
  /** Counts up whenever the image looks different. */
  version = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d") as CanvasRenderingContext2D;
    forgetPatterns();
  }

  /** The board, one image pixel a cell. */
  get image(): HTMLCanvasElement {
    return this.layer.canvas;
  }

  draw(scene: Scene): void {
    const { board, view } = scene;
    this.followPalette(scene);
    if (!board.changes.isEmpty) {
      this.layer.update(board, board.changes.take());
      this.version++;
    }
    const ratio = this.resize(view);
    const surface = surfaceOf(this.context, view, ratio, board.canvas);
    this.context.clearRect(0, 0, surface.width, surface.height);
    drawEdge(surface);
    drawPixels(surface, this.layer.canvas);
    drawLocks(surface, scene.locks);
    if (scene.grid) drawGrid(surface);
    if (scene.stale) drawStale(surface);
    drawWaiting(surface, board, board.pending.cellsOlderThan(scene.waitingBefore), scene.palette);
    for (const outline of scene.outlines) drawOutline(surface, outline);
  }

  private followPalette({ palette, board }: Scene): void {
    if (palette === this.palette) return;
    this.palette = palette;
    this.layer.setColors(palette.colors);
    board.changes.addAll();
  }

  /** Give the canvas exactly the device pixels it covers; returns device pixels a CSS pixel. */
  private resize(view: Viewport): number {
    const ratio = window.devicePixelRatio || 1;
    const { canvas } = this.context;
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    return ratio;
  }
}
