"""A copy of the canvas that only the stream and whole bitmaps change, and the messages kept while one is fetched."""

from __future__ import annotations

from collections.abc import Iterator

from pixels_core.canvas.canvas import Canvas
from pixels_core.errors import ProtocolError
from pixels_core.protocol.messages import ModerationRewind, PixelAck, PixelBulkUpdate, PixelReject, StreamMessage
from pixels_core.units import Color, Seq

from .actions import CanvasBitmap

MAX_HELD_WEIGHT = 400_000
"""Messages plus pixels kept while the bitmap is fetched: 20 s at the highest rate ever seen on a shared canvas."""

ColoredCell = tuple[int, int, Color]
HeldMessage = StreamMessage | PixelAck | PixelReject


def first_seq(message: StreamMessage) -> Seq:
    """Return the first change that a stream message covers."""
    return message.first if isinstance(message, PixelBulkUpdate) else message.seq


class Replica:
    """The confirmed canvas at `seq` of log `epoch`; raises StoreCorrupt for a bitmap of the wrong length."""

    def __init__(self, snapshot: CanvasBitmap) -> None:
        self.epoch = snapshot.epoch
        self.seq = snapshot.seq
        self.canvas = Canvas(snapshot.size, snapshot.pixels)

    def apply(self, message: StreamMessage) -> list[ColoredCell]:
        """Move to the message's seq and return the cells that changed; the caller saw to it that it fits.

        Raises ProtocolError, and stays where it was, where the message names a cell or a colour that cannot be.
        """
        pixels = message.pixels if isinstance(message, PixelBulkUpdate | ModerationRewind) else ()
        size = self.canvas.size
        for x, y, color in pixels:
            if not (size.contains(x, y) and 0 <= color <= 0xFF):
                raise ProtocolError(f"The stream has colour {color} at ({x}, {y}).")
        self.seq = message.seq
        return [pixel for pixel in pixels if self.canvas.set(pixel[1] * size.width + pixel[0], pixel[2]) != pixel[2]]

    def differences(self, newer: Canvas) -> Iterator[ColoredCell]:
        """Yield the cells, with their new colours, in which a canvas of the same size differs."""
        width = newer.size.width
        before, after = bytes(self.canvas), bytes(newer)
        for start in range(0, len(after), width):
            old_row, new_row = before[start : start + width], after[start : start + width]
            if old_row != new_row:
                for x, (old, new) in enumerate(zip(old_row, new_row, strict=True)):
                    if old != new:
                        yield x, start // width, new


class HeldMessages:
    """Messages that wait for the canvas they belong to; bounded: `overflowed` says that some were let go."""

    def __init__(self) -> None:
        self._messages: list[HeldMessage] = []
        self._weight = 0
        self.overflowed = False

    def hold(self, message: HeldMessage) -> None:
        """Keep a message, or, where there are too many, none at all from now on."""
        self._weight += 1 + len(getattr(message, "pixels", ()))
        if self._weight > MAX_HELD_WEIGHT:
            self._messages.clear()
            self.overflowed = True
        else:
            self._messages.append(message)

    def release(self) -> list[HeldMessage]:
        """Return what was kept, in the order of arrival, and start afresh."""
        messages = self._messages
        self._messages, self._weight, self.overflowed = [], 0, False
        return messages

    def release_stream(self) -> list[StreamMessage]:
        """Return what was kept of the stream, in the order of the log, and start afresh."""
        stream = [message for message in self.release() if not isinstance(message, PixelAck | PixelReject)]
        return sorted(stream, key=lambda message: (first_seq(message), message.seq))
