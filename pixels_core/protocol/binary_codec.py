"""The two compact frames of `pixels.v1.bin`; every other message travels as JSON text on the same socket.

Numbers are varints (`protocol.varint`). Layout::

    bulk update  0x01 first (seq - first) pixel*          cells in ascending order
        pixel    (gap << 1 | new) [color]                 gap = cell - previous cell (the first: the cell itself);
                                                          color, one byte, only where new = 1
    stroke       0x81 tool color stroke id timestamp count cell delta*
        tool     one byte, position in TOOLS              cell, delta: zigzag, in drawing order

A colour byte is written only where the colour changes, so a horizontal stroke costs one byte a pixel and a random
pixel about four.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import COLOR_COUNT
from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.units import MAX_SAFE_INTEGER, Cell, Color

from .messages import MAX_MESSAGE_BYTES, MAX_STROKE_PIXELS, PixelBulkUpdate, StrokeFrame, Tool
from .varint import append_varint, append_zigzag, read_varint, read_zigzag

OPCODE_BULK_UPDATE: Final = 0x01
OPCODE_STROKE: Final = 0x81
TOOLS: Final = tuple(Tool)


def encode_cells(first: int, seq: int, cells: Iterable[tuple[Cell, Color]]) -> bytes:
    """Write a bulk update from (cell, colour) pairs with distinct cells, in any order."""
    frame = bytearray((OPCODE_BULK_UPDATE,))
    append_varint(frame, first)
    append_varint(frame, seq - first)
    previous, last_color = 0, -1
    for cell, color in sorted(cells):
        if color == last_color:
            append_varint(frame, (cell - previous) << 1)
        else:
            append_varint(frame, (cell - previous) << 1 | 1)
            frame.append(color)
            last_color = color
        previous = cell
    return bytes(frame)


def encode_bulk_update(message: PixelBulkUpdate, size: Size) -> bytes:
    """Write a bulk update; its cells must be distinct."""
    width = size.width
    return encode_cells(message.first, message.seq, ((y * width + x, color) for x, y, color in message.pixels))


def decode_bulk_update(data: bytes, size: Size) -> PixelBulkUpdate:
    """Read a bulk update; raises ProtocolError for a frame that is cut short or makes no sense."""
    _expect(data, OPCODE_BULK_UPDATE)
    first, offset = read_varint(data, 1)
    span, offset = read_varint(data, offset)
    if not 1 <= first <= first + span <= MAX_SAFE_INTEGER:
        raise ProtocolError("The frame's sequence numbers make no sense.")
    cell, color = -1, -1
    pixels = []
    while offset < len(data):
        head, offset = read_varint(data, offset)
        gap = head >> 1
        if gap == 0 and cell >= 0:
            raise ProtocolError("The frame names a cell twice.")
        cell = gap if cell < 0 else cell + gap
        if head & 1:
            color, offset = _read_color(data, offset)
        if color < 0 or cell >= size.cells:
            raise ProtocolError("The frame names a cell or a colour that does not exist.")
        pixels.append((*size.point(cell), color))
    return PixelBulkUpdate(first=first, seq=first + span, pixels=tuple(pixels))


def encode_stroke(frame: StrokeFrame) -> bytes:
    """Write a stroke of 1 to `MAX_STROKE_PIXELS` cells."""
    data = bytearray((OPCODE_STROKE, TOOLS.index(frame.tool), frame.color))
    for number in (frame.stroke, frame.id, frame.client_timestamp, len(frame.cells)):
        append_varint(data, number)
    previous = 0
    for cell in frame.cells:
        append_zigzag(data, cell - previous)
        previous = cell
    return bytes(data)


def decode_stroke(data: bytes) -> StrokeFrame:
    """Read a stroke; raises ProtocolError. Cells may lie outside the canvas: the rules decide about those."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise ProtocolError(f"A message has at most {MAX_MESSAGE_BYTES} bytes.", ReasonCode.TOO_LARGE)
    _expect(data, OPCODE_STROKE)
    if len(data) < 3 or data[1] >= len(TOOLS):
        raise ProtocolError("The stroke names no known tool.")
    color = data[2]
    stroke, offset = read_varint(data, 3)
    identifier, offset = read_varint(data, offset)
    timestamp, offset = read_varint(data, offset)
    count, offset = read_varint(data, offset)
    if not 1 <= count <= MAX_STROKE_PIXELS:
        raise ProtocolError(f"A stroke frame has 1 to {MAX_STROKE_PIXELS} pixels.", ReasonCode.TOO_LARGE)
    if max(stroke, identifier + count - 1, timestamp) > MAX_SAFE_INTEGER:
        raise ProtocolError("A number in the frame is above 2^53 - 1.")
    cells, cell = [], 0
    for _ in range(count):
        delta, offset = read_zigzag(data, offset)
        cell += delta
        if not 0 <= cell <= MAX_SAFE_INTEGER:
            raise ProtocolError("The stroke names an impossible cell.")
        cells.append(cell)
    if offset != len(data):
        raise ProtocolError("The stroke frame is longer than it says.")
    return StrokeFrame(
        id=identifier,
        color=color,
        tool=TOOLS[data[1]],
        stroke=stroke,
        client_timestamp=timestamp,
        cells=tuple(cells),
    )


def _expect(data: bytes, opcode: int) -> None:
    if not data or data[0] != opcode:
        raise ProtocolError("There is no binary frame of this kind.", ReasonCode.UNKNOWN_TYPE)


def _read_color(data: bytes, offset: int) -> tuple[Color, int]:
    if offset >= len(data) or data[offset] >= COLOR_COUNT:
        raise ProtocolError("The frame names a colour that does not exist.", ReasonCode.BAD_COLOR)
    return data[offset], offset + 1
