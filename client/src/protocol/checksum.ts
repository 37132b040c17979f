/** The canvas checksum: the XOR of `cellHash` over all cells. The rule is in docs/wire.md and `pixels_core/canvas/canvas.py`. */

/** Mix a cell and its colour to 32 bits (MurmurHash3's finalizer); the background hashes to 0. */
export function cellHash(cell: number, color: number): number {
  if (color === 0) return 0;
  let mixed = (cell << 8) | color;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Return the checksum of a whole bitmap, 0 to 2^32 - 1. */
export function checksumOf(pixels: Uint8Array): number {
  let total = 0;
  for (let cell = 0; cell < pixels.length; cell++) {
    if (pixels[cell] !== 0) total ^= cellHash(cell, pixels[cell]);
  }
  return total >>> 0;
}
