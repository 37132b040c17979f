/** The board as an image of one image pixel a cell, kept up to date by the cells that changed. */

import type { Board } from "../model/board";
import type { Changes } from "../model/changes";
import type { Rgb } from "../model/oklab";
import { TILE_SIDE } from "../protocol/messages.gen";

/** Beyond this many dirty tiles one upload of the whole image is cheaper than many small ones. */
const TILE_UPLOADS = 64;

interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class BitmapLayer {
  readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  private image = new ImageData(1, 1);
  private words = new Uint32Array(this.image.data.buffer);
  private readonly lookup = new Uint32Array(256);

  /** Follow the palette; what is drawn already changes with the next `{ kind: "all" }`. */
  setColors(colors: readonly Rgb[]): void {
    const bytes = new Uint8ClampedArray(this.lookup.buffer);
    colors.forEach(([red, green, blue], slot) => {
      bytes.set([red, green, blue, 255], slot * 4);
    });
  }

  update(board: Board, changes: Changes): void {
    if (changes.kind === "all") this.redraw(board);
    else this.redrawCells(board, changes.cells);
  }

  private redraw(board: Board): void {
    const { width, height, cellCount } = board.canvas;
    if (this.canvas.width !== width || this.canvas.height !== height || this.image.width !== width) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = new ImageData(width, height);
      this.words = new Uint32Array(this.image.data.buffer);
    }
    for (let cell = 0; cell < cellCount; cell++) this.words[cell] = this.lookup[board.displayed(cell)];
    this.context.putImageData(this.image, 0, 0);
  }

  private redrawCells(board: Board, cells: readonly number[]): void {
    const width = this.image.width;
    const tilesAcross = Math.ceil(width / TILE_SIDE);
    const dirty = new Map<number, Bounds>();
    for (const cell of cells) {
      this.words[cell] = this.lookup[board.displayed(cell)];
      const x = cell % width;
      const y = (cell - x) / width;
      const tile = Math.floor(y / TILE_SIDE) * tilesAcross + Math.floor(x / TILE_SIDE);
      const bounds = dirty.get(tile);
      if (bounds) extend(bounds, x, y);
      else dirty.set(tile, { left: x, top: y, right: x, bottom: y });
    }
    this.upload(dirty.size > TILE_UPLOADS ? [union(dirty.values())] : dirty.values());
  }

  private upload(rectangles: Iterable<Bounds>): void {
    for (const { left, top, right, bottom } of rectangles) {
      this.context.putImageData(this.image, 0, 0, left, top, right - left + 1, bottom - top + 1);
    }
  }
}

function extend(bounds: Bounds, x: number, y: number): void {
  bounds.left = Math.min(bounds.left, x);
  bounds.top = Math.min(bounds.top, y);
  bounds.right = Math.max(bounds.right, x);
  bounds.bottom = Math.max(bounds.bottom, y);
}

function union(all: Iterable<Bounds>): Bounds {
  let whole: Bounds | null = null;
  for (const bounds of all) {
    if (!whole) whole = { ...bounds };
    extend(whole, bounds.left, bounds.top);
    extend(whole, bounds.right, bounds.bottom);
  }
  return whole ?? { left: 0, top: 0, right: 0, bottom: 0 };
}
