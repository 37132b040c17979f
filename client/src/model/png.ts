/**
 * PNG files of palette colours, put together by hand: any scale in a few megabytes of memory, where a canvas element
 * of 14,400 by 14,400 pixels would be refused. Format: https://www.w3.org/TR/png-3/
 */

import type { Size } from "./canvas";
import type { Rgb } from "./oklab";

export const MAX_SCALE = 16;
/** Viewers and editors open pictures up to this many pixels a side. */
export const MAX_SIDE = 16_384;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const INDEXED = 3;
const FILTER_NONE = 0;
const FILTER_UP = 2;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Return one chunk with its length and check. */
export function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let index = 0; index < 4; index++) bytes[4 + index] = type.charCodeAt(index);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Return everything before the pixels: signature, size and colours. */
export function pngStart({ width, height }: Size, colors: readonly Rgb[]): Uint8Array<ArrayBuffer>[] {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, INDEXED, 0, 0, 0], 8);
  return [Uint8Array.from(SIGNATURE), chunk("IHDR", header), chunk("PLTE", Uint8Array.from(colors.flat()))];
}

/** Return the scanlines of one row of cells: drawn once, then "the same as above". */
export function scanlines(row: Uint8Array, scale: number): Uint8Array<ArrayBuffer> {
  const length = 1 + row.length * scale;
  const lines = new Uint8Array(length * scale);
  lines[0] = FILTER_NONE;
  for (let cell = 0; cell < row.length; cell++)
    lines.fill(row[cell], 1 + cell * scale, 1 + (cell + 1) * scale);
  for (let line = 1; line < scale; line++) lines[line * length] = FILTER_UP;
  return lines;
}
