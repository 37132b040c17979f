/**
 * The two compact frames of `pixels.v1.bin`. The layout is described once, in
 * `pixels_core/protocol/binary_codec.py`; `tests/vectors/protocol.json` proves that both sides agree.
 */

import {
  COLOR_COUNT,
  MAX_MESSAGE_BYTES,
  MAX_STROKE_PIXELS,
  OPCODE_BULK_UPDATE,
  OPCODE_STROKE,
  TOOLS,
  type Tool,
} from "./messages.gen";
import { ByteReader, ByteWriter, FrameError } from "./varint";

/** Changes `first` to `seq`: cell `cells[i]` has colour `colors[i]`. The form in which the client handles bulk updates. */
export interface CellUpdate {
  readonly first: number;
  readonly seq: number;
  readonly cells: readonly number[];
  readonly colors: readonly number[];
}

/** Placements of one colour with the consecutive ids `id`, `id + 1`, … in drawing order. */
export interface StrokeFrame {
  readonly id: number;
  readonly color: number;
  readonly tool: Tool;
  readonly stroke: number;
  readonly clientTimestamp: number;
  readonly cells: readonly number[];
}

/** Write a bulk update; the cells must be distinct, in any order. */
export function encodeCellUpdate(update: CellUpdate): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().byte(OPCODE_BULK_UPDATE);
  writer.varint(update.first).varint(update.seq - update.first);
  const order = update.cells.map((_, index) => index).sort((a, b) => update.cells[a] - update.cells[b]);
  let previous = 0;
  let lastColor = -1;
  for (const index of order) {
    const color = update.colors[index];
    const gap = update.cells[index] - previous;
    writer.varint(gap * 2 + (color === lastColor ? 0 : 1));
    if (color !== lastColor) writer.byte(color);
    lastColor = color;
    previous = update.cells[index];
  }
  return writer.finish();
}

/** Read a bulk update for a canvas of `cellCount` cells; throws FrameError. */
export function decodeCellUpdate(data: Uint8Array, cellCount: number): CellUpdate {
  const reader = open(data, OPCODE_BULK_UPDATE);
  const first = reader.varint();
  const seq = first + reader.varint();
  if (first < 1 || seq > Number.MAX_SAFE_INTEGER)
    throw new FrameError("The frame's sequence numbers make no sense.");
  const cells: number[] = [];
  const colors: number[] = [];
  let cell = -1;
  let color = -1;
  while (!reader.done) {
    const head = reader.varint();
    const gap = Math.floor(head / 2);
    if (gap === 0 && cell >= 0) throw new FrameError("The frame names a cell twice.");
    cell = cell < 0 ? gap : cell + gap;
    if (head % 2 === 1) color = readColor(reader);
    if (color < 0 || cell >= cellCount)
      throw new FrameError("The frame names a cell or a colour that does not exist.");
    cells.push(cell);
    colors.push(color);
  }
  return { first, seq, cells, colors };
}

/** Write a stroke of 1 to `MAX_STROKE_PIXELS` cells. */
export function encodeStroke(frame: StrokeFrame): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().byte(OPCODE_STROKE).byte(TOOLS.indexOf(frame.tool)).byte(frame.color);
  writer.varint(frame.stroke).varint(frame.id).varint(frame.clientTimestamp).varint(frame.cells.length);
  let previous = 0;
  for (const cell of frame.cells) {
    writer.zigzag(cell - previous);
    previous = cell;
  }
  return writer.finish();
}

/** Read a stroke; throws FrameError. The web client only writes strokes: this is for tests and development servers. */
export function decodeStroke(data: Uint8Array): StrokeFrame {
  if (data.length > MAX_MESSAGE_BYTES) throw new FrameError("The message is too large.");
  const reader = open(data, OPCODE_STROKE);
  const tool = TOOLS[reader.byte()];
  if (tool === undefined) throw new FrameError("The stroke names no known tool.");
  const color = reader.byte();
  const stroke = reader.varint();
  const id = reader.varint();
  const clientTimestamp = reader.varint();
  const count = reader.varint();
  if (count < 1 || count > MAX_STROKE_PIXELS)
    throw new FrameError(`A stroke frame has 1 to ${MAX_STROKE_PIXELS} pixels.`);
  if (id + count > Number.MAX_SAFE_INTEGER) throw new FrameError("A number in the frame is above 2^53 - 1.");
  const cells: number[] = [];
  let cell = 0;
  for (let index = 0; index < count; index++) {
    cell += reader.zigzag();
    if (cell < 0 || cell > Number.MAX_SAFE_INTEGER)
      throw new FrameError("The stroke names an impossible cell.");
    cells.push(cell);
  }
  if (!reader.done) throw new FrameError("The stroke frame is longer than it says.");
  return { id, color, tool, stroke, clientTimestamp, cells };
}

function open(data: Uint8Array, opcode: number): ByteReader {
  const reader = new ByteReader(data);
  if (reader.byte() !== opcode) throw new FrameError("There is no binary frame of this kind.");
  return reader;
}

function readColor(reader: ByteReader): number {
  const color = reader.byte();
  if (color >= COLOR_COUNT) throw new FrameError("The frame names a colour that does not exist.");
  return color;
}
