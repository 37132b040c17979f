/** Messages and bitmaps for tests. */

import type { Bitmap } from "../model/canvas";
import type { Incoming, StreamMessage } from "../model/syncTypes";
import { type CanvasStateMessage, CURATED, type HeartbeatReply } from "../protocol/messages.gen";

export const SIZE = { width: 10, height: 10 };
export const EPOCH = "e1";

export function bitmap(seq: number, cells: Readonly<Record<number, number>> = {}, epoch = EPOCH): Bitmap {
  const pixels = new Uint8Array(SIZE.width * SIZE.height);
  for (const [cell, color] of Object.entries(cells)) pixels[Number(cell)] = color;
  return { ...SIZE, pixels, epoch, seq };
}

export function state(fields: Partial<CanvasStateMessage> = {}): CanvasStateMessage {
  return {
    type: "canvas:state",
    version: 1,
    canvas: "main",
    epoch: EPOCH,
    ...SIZE,
    seq: 0,
    checksum: 0,
    mode: "live",
    palette: CURATED,
    limits: { rate: 20, burst: 200, addressRate: 100, addressBurst: 1000 },
    locks: [],
    paused: false,
    you: { user: "u_1", role: "painter", tokens: 200 },
    ...fields,
  };
}

/** A bulk update of [cell, colour] pairs. */
export function cells(
  first: number,
  seq: number,
  ...pixels: readonly (readonly [number, number])[]
): StreamMessage {
  return {
    type: "cells",
    first,
    seq,
    cells: pixels.map(([cell]) => cell),
    colors: pixels.map(([, color]) => color),
  };
}

export function heartbeat(seq: number, checksum: number, t = 0): HeartbeatReply {
  return { type: "heartbeat", t, serverTime: 0, seq, checksum, online: 3 };
}

export function ack(id: number | readonly number[], seq: number): Incoming {
  return { type: "pixel:ack", id, seq };
}
