"""What a socket sends: bounded, parsed, and turned into commands. Whatever is wrong is answered here."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.protocol.binary_codec import decode_stroke
from pixels_core.protocol.json_codec import client_message
from pixels_core.protocol.messages import (
    MAX_MESSAGE_BYTES,
    ClientMessage,
    Heartbeat,
    PixelUpdate,
    StrokeEnd,
    StrokeFrame,
    StrokeStart,
)
from pixels_core.rules.commands import PlacePixel
from pixels_core.rules.token_bucket import RateLimit, TokenBucket
from pixels_core.units import Milliseconds

from .connection import Connection

STRIKES = RateLimit(rate=0.2, burst=20)
"""Bad messages that a socket may send before it is closed: 20, and one more every five seconds."""


class Inbound:
    """Reads one socket's messages.

    Args:
        connection: where refusals are sent.
        size: the canvas's size, to read cell indices.
        limit: messages (a stroke counts its pixels) that the socket may send.
        place: takes placements.
        heartbeat: answers heartbeats.
    """

    def __init__(
        self,
        connection: Connection,
        size: Size,
        limit: RateLimit,
        place: Callable[[Connection, PlacePixel], None],
        heartbeat: Callable[[Connection, Heartbeat], None],
    ) -> None:
        self._connection = connection
        self._size = size
        self._budget = TokenBucket(limit, connection.last_heard)
        self._strikes = TokenBucket(STRIKES, connection.last_heard)
        self._place = place
        self._heartbeat = heartbeat

    def receive(self, data: str | bytes, now: Milliseconds) -> None:
        """Handle one message; never raises."""
        self._connection.last_heard = now
        if _bytes_of(data) > MAX_MESSAGE_BYTES:
            self._connection.reject(ReasonCode.TOO_LARGE, f"A message has at most {MAX_MESSAGE_BYTES} bytes.")
            self._connection.close(ReasonCode.TOO_LARGE)
            return
        try:
            message = decode_stroke(data) if isinstance(data, bytes) else _parse(data)
        except ProtocolError as problem:
            self._strike(problem.code, str(problem), problem.request_id, now)
            return
        weight = len(message.cells) if isinstance(message, StrokeFrame) else 1
        if self._budget.take(now, weight):
            self._dispatch(message)
        else:
            self._refuse_flood(message, now)

    def _dispatch(self, message: ClientMessage | StrokeFrame) -> None:
        connection = self._connection
        match message:
            case PixelUpdate():
                command = PlacePixel(connection.actor, message.id, message.x, message.y, message.color)
                self._place(connection, command)
            case StrokeFrame():
                for request, cell in enumerate(message.cells, message.id):
                    x, y = self._size.point(cell)
                    self._place(connection, PlacePixel(connection.actor, request, x, y, message.color))
            case Heartbeat():
                self._heartbeat(connection, message)
            case StrokeStart() | StrokeEnd():
                pass  # marks in the stream of placements; each placement stands on its own

    def _refuse_flood(self, message: ClientMessage | StrokeFrame, now: Milliseconds) -> None:
        first = getattr(message, "id", None)
        if isinstance(message, StrokeFrame):
            for request in range(message.id + 1, message.id + len(message.cells)):
                self._connection.reject(ReasonCode.FLOOD, request=request)
        self._strike(ReasonCode.FLOOD, None, first, now)

    def _strike(self, reason: ReasonCode, text: str | None, request: int | None, now: Milliseconds) -> None:
        self._connection.reject(reason, text, request)
        if not self._strikes.take(now):
            self._connection.close(ReasonCode.FLOOD if reason is ReasonCode.FLOOD else ReasonCode.MALFORMED)


def _bytes_of(data: str | bytes) -> int:
    """Return how many bytes the message had on the wire; what is too long in characters is not encoded first."""
    if isinstance(data, bytes) or data.isascii() or len(data) > MAX_MESSAGE_BYTES:
        return len(data)
    return len(data.encode())


def _parse(text: str) -> ClientMessage:
    try:
        value = orjson.loads(text)
    except ValueError:  # orjson.JSONDecodeError is one
        raise ProtocolError("The message is not JSON.") from None
    return client_message(value)
