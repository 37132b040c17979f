import { expect, test } from "vitest";
import { Palette } from "../model/palette";
import { encodePng } from "./pngExport";

/** Read what encodePng writes: the image data, inflated. */
async function imageData(blob: Blob): Promise<number[]> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const data: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "IDAT") data.push(bytes.slice(at + 8, at + 8 + view.getUint32(at)));
  }
  const inflated = new Blob(data).stream().pipeThrough(new DecompressionStream("deflate"));
  return [...new Uint8Array(await new Response(inflated).arrayBuffer())];
}

test("a picture of two by two cells at scale 2", async () => {
  const shares: number[] = [];
  const blob = await encodePng(
    { pixels: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2, colors: new Palette().colors, scale: 2 },
    (share) => shares.push(share),
  );
  expect(blob.type).toBe("image/png");
  expect(await imageData(blob)).toEqual([0, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 3, 3, 4, 4, 2, 0, 0, 0, 0]);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
});
