"""Messages as ASGI events, encoded once for all sockets that speak the same subprotocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import encode_bulk_update, encode_cells
from pixels_core.protocol.json_codec import to_object
from pixels_core.protocol.messages import (
    CanvasStateMessage,
    Mode,
    PixelBulkUpdate,
    Role,
    ServerMessage,
    StreamMessage,
    You,
)
from pixels_core.rules.state import CanvasState
from pixels_core.serialization import to_plain
from pixels_core.stream.retained_window import CatchUp
from pixels_core.stream.stream import bulk_update, limits_info, lock_info, palette_info

from .outbound import AsgiEvent

_OWN_FIELDS: Final = frozenset({"seq", "checksum", "mode", "you"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as both subprotocols send it; made once, shared by every socket."""

    json: AsgiEvent
    binary: AsgiEvent


def text_event(message: ServerMessage) -> AsgiEvent:
    """Return a message as a JSON text frame."""
    return {"type": "websocket.send", "text": orjson.dumps(to_object(message)).decode()}


def stream_frame(message: StreamMessage, size: Size) -> Frame:
    """Return a stream message in both encodings; only bulk updates have a binary form of their own."""
    text = text_event(message)
    if isinstance(message, PixelBulkUpdate):
        return Frame(text, {"type": "websocket.send", "bytes": encode_bulk_update(message, size)})
    return Frame(text, text)


class StateFrames:
    """Encodes `canvas:state`: what is the same for everybody only once, until a moderator changes it."""

    def __init__(self) -> None:
        self._shared = b""

    def forget(self) -> None:
        """The shared part changed."""
        self._shared = b""

    def event(self, state: CanvasState, mode: Mode, you: You) -> AsgiEvent:
        """Return the message for one socket."""
        if not self._shared:
            self._shared = orjson.dumps(_shared_part(state))[:-1]
        own = {"seq": state.seq, "checksum": state.canvas.checksum, "mode": mode, "you": to_plain(you)}
        return {"type": "websocket.send", "text": (self._shared + b"," + orjson.dumps(own)[1:]).decode()}


def _shared_part(state: CanvasState) -> dict[str, Any]:
    """Return `canvas:state` as JSON has it, without what differs from socket to socket or moment to moment."""
    identity = state.identity
    message = CanvasStateMessage(
        canvas=identity.canvas,
        epoch=identity.epoch,
        width=identity.size.width,
        height=identity.size.height,
        seq=0,
        checksum=0,
        mode=Mode.LIVE,
        palette=palette_info(state.palette),
        limits=limits_info(state.limits),
        locks=tuple(lock_info(lock) for lock in state.locks),
        paused=state.paused,
        notice=state.notice or None,
        you=You(user="", role=Role.VIEWER, tokens=0.0),
    )
    plain = to_object(message)
    return {name: value for name, value in plain.items() if name not in _OWN_FIELDS}


class CatchUpFrames:
    """Encodes catch-ups; the last one is kept, for after a restart everybody asks for the same."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._catch_up: CatchUp | None = None
        self._encoded: dict[bool, AsgiEvent] = {}

    def event(self, catch_up: CatchUp, *, binary: bool) -> AsgiEvent:
        """Return a catch-up as one bulk update frame."""
        if catch_up is not self._catch_up:
            self._catch_up, self._encoded = catch_up, {}
        if binary not in self._encoded:
            self._encoded[binary] = self._encode(catch_up, binary=binary)
        return self._encoded[binary]

    def _encode(self, catch_up: CatchUp, *, binary: bool) -> AsgiEvent:
        if binary:
            data = encode_cells(catch_up.first, catch_up.last, catch_up.cells.items())
            return {"type": "websocket.send", "bytes": data}
        return text_event(bulk_update(catch_up.first, catch_up.last, catch_up.cells, self._size))
