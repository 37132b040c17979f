/** Between what travels on the socket and what the model handles; knows both subprotocols. */

import type { Size } from "../model/canvas";
import { strokeFrames } from "../model/strokeFrames";
import type { Incoming, Outgoing } from "../model/syncTypes";
import { decodeCellUpdate, encodeStroke } from "../protocol/binaryCodec";
import {
  type ClientMessage,
  type PixelBulkUpdate,
  type PixelUpdate,
  type ServerMessage,
  SUBPROTOCOL_BINARY,
} from "../protocol/messages.gen";
import { FrameError } from "../protocol/varint";

type PlacementItem = Extract<Outgoing, { type: "placement" }>;

/** Read one socket message; throws FrameError. A type of message that is unknown here returns null. */
export function decode(data: string | ArrayBuffer, size: Size): Incoming | null {
  if (typeof data !== "string") {
    return { type: "cells", ...decodeCellUpdate(new Uint8Array(data), size.width * size.height) };
  }
  const message = parse(data);
  if (message.type === "pixel:bulk_update") return fromBulkUpdate(message, size);
  return KNOWN.has(message.type) ? message : null;
}

const KNOWN: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "canvas:state",
  "pixel:ack",
  "pixel:reject",
  "heartbeat",
  "moderation:lock",
  "moderation:unlock",
  "moderation:rewind",
  "moderation:ban",
  "moderation:palette",
  "moderation:limits",
  "moderation:pause",
  "moderation:notice",
]);

function parse(text: string): ServerMessage {
  try {
    return JSON.parse(text) as ServerMessage;
  } catch {
    throw new FrameError("The message is not JSON.");
  }
}

function fromBulkUpdate(message: PixelBulkUpdate, size: Size): Incoming {
  return {
    type: "cells",
    first: message.first,
    seq: message.seq,
    cells: message.pixels.map(([x, y]) => y * size.width + x),
    colors: message.pixels.map((pixel) => pixel[2]),
  };
}

/** Write queued items in order, placements packed into stroke frames where the subprotocol has them. */
export function encodeAll(
  items: readonly Outgoing[],
  subprotocol: string,
  size: Size,
): (string | Uint8Array)[] {
  const frames: (string | Uint8Array)[] = [];
  let run: PlacementItem[] = [];
  const flush = () => {
    if (subprotocol === SUBPROTOCOL_BINARY) frames.push(...strokeFrames(run).map(encodeStroke));
    else frames.push(...run.map((item) => encode(pixelUpdate(item, size))));
    run = [];
  };
  for (const item of items) {
    if (item.type === "placement") run.push(item);
    else {
      flush();
      frames.push(encode(item));
    }
  }
  flush();
  return frames;
}

export function encode(message: ClientMessage): string {
  return JSON.stringify(message);
}

function pixelUpdate(item: PlacementItem, size: Size): PixelUpdate {
  return {
    type: "pixel:update",
    id: item.id,
    x: item.cell % size.width,
    y: Math.floor(item.cell / size.width),
    color: item.color,
    tool: item.tool,
    clientTimestamp: item.placedAt,
    ...(item.stroke > 0 ? { stroke: item.stroke } : {}),
  };
}
