"""Unsigned variable-length integers (LEB128): seven bits a byte, the lowest first, the top bit says "more"."""

from __future__ import annotations

from pixels_core.errors import ProtocolError

_MAX_SHIFT = 56
"""Nine bytes carry 63 bits: more than any number on the wire."""


def append_varint(target: bytearray, value: int) -> None:
    """Append `value` (at least 0) to `target`."""
    while value > 0x7F:
        target.append(value & 0x7F | 0x80)
        value >>= 7
    target.append(value)


def append_zigzag(target: bytearray, value: int) -> None:
    """Append a signed number; small ones of either sign are short."""
    append_varint(target, value << 1 if value >= 0 else (-value << 1) - 1)


def read_varint(data: bytes, offset: int) -> tuple[int, int]:
    """Return (value, next offset); raises ProtocolError where the data end or the number is too long."""
    value = shift = 0
    while True:
        if offset >= len(data):
            raise ProtocolError("The frame ends inside a number.")
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7
        if shift > _MAX_SHIFT:
            raise ProtocolError("A number in the frame is too long.")


def read_zigzag(data: bytes, offset: int) -> tuple[int, int]:
    """Return (signed value, next offset); raises ProtocolError like `read_varint`."""
    raw, offset = read_varint(data, offset)
    return (raw >> 1) if not raw & 1 else -((raw + 1) >> 1), offset
