/** The confirmed canvas: one byte a pixel, with a checksum that every change keeps up to date. */

import { cellHash, checksumOf } from "../protocol/checksum";
import type { Region } from "./region";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the server serves as the bitmap: the state after change `seq` of the log `epoch`. */
export interface Bitmap extends Size {
  readonly pixels: Uint8Array;
  readonly epoch: string;
  readonly seq: number;
}

export class Canvas implements Size {
  readonly width: number;
  readonly height: number;
  private readonly pixels: Uint8Array;
  private sum: number;
  private colored: number;

  /** Takes over `pixels`: row-major, one byte a cell; an empty canvas without it. */
  constructor(width: number, height: number, pixels: Uint8Array = new Uint8Array(width * height)) {
    if (pixels.length !== width * height) {
      throw new RangeError(`A bitmap of ${pixels.length} bytes cannot fill ${width} by ${height} cells.`);
    }
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.sum = checksumOf(pixels);
    this.colored = pixels.reduce((count, color) => count + (color === 0 ? 0 : 1), 0);
  }

  get cellCount(): number {
    return this.pixels.length;
  }

  /** Equal canvases have equal checksums. */
  get checksum(): number {
    return this.sum;
  }

  /** Whether every cell is background. */
  get isEmpty(): boolean {
    return this.colored === 0;
  }

  get(cell: number): number {
    return this.pixels[cell];
  }

  /** Copy a rectangle that lies on the canvas, row by row. */
  cut({ x, y, width, height }: Region): Uint8Array {
    const part = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const from = (y + row) * this.width + x;
      part.set(this.pixels.subarray(from, from + width), row * width);
    }
    return part;
  }

  /** Set a cell; says whether that changed anything. */
  set(cell: number, color: number): boolean {
    const before = this.pixels[cell];
    if (before === color) return false;
    this.sum = (this.sum ^ cellHash(cell, before) ^ cellHash(cell, color)) >>> 0;
    this.colored += (color === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
    this.pixels[cell] = color;
    return true;
  }
}

/** Return the cell index of (x, y), or null outside the canvas. */
export function cellAt(size: Size, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x >= size.width || y >= size.height) return null;
  return y * size.width + x;
}
