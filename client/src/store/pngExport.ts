/** Makes a PNG of confirmed pixels, a few rows at a time: the page stays alive and says how far it is. */

import type { Size } from "../model/canvas";
import type { Rgb } from "../model/oklab";
import { chunk, pngStart, scanlines } from "../model/png";

export interface Picture extends Size {
  /** One slot a cell. */
  readonly pixels: Uint8Array;
  readonly colors: readonly Rgb[];
  readonly scale: number;
}

export async function encodePng(picture: Picture, progress: (share: number) => void): Promise<Blob> {
  const { pixels, width, height, colors, scale } = picture;
  const deflate = new CompressionStream("deflate");
  const parts = pngStart({ width: width * scale, height: height * scale }, colors);
  const collected = (async () => {
    const reader = deflate.readable.getReader();
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value) parts.push(chunk("IDAT", value));
    }
  })();
  const writer = deflate.writable.getWriter();
  for (let row = 0; row < height; row++) {
    await writer.write(scanlines(pixels.subarray(row * width, (row + 1) * width), scale));
    if (row % 16 === 0) progress(row / height);
  }
  await writer.close();
  await collected;
  progress(1);
  return new Blob([...parts, chunk("IEND", new Uint8Array())], { type: "image/png" });
}

/** Hand a file to the person. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
