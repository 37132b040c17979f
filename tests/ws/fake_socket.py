"""Granian's side of a socket, as an ASGI application sees it, with its three habits that matter:

- `send` starts at once and returns a future; a client that does not read leaves it pending;
- two sends in flight at the same time may finish in either order (here: the newest first);
- a close frame is not sent while a `receive` is pending.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from pixels_core.protocol.binary_codec import decode_bulk_update
from pixels_core.protocol.json_codec import server_message
from pixels_core.protocol.messages import CanvasStateMessage, PixelAck, PixelBulkUpdate, PixelReject, ServerMessage
from pixels_ws.sockets.outbound import AsgiEvent
from tests.support.builders import SMALL

T = TypeVar("T")
PATIENCE_S = 5.0


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until something is true; it has to be within `PATIENCE_S`."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # whatever becomes true has no event of its own
            await asyncio.sleep(0.001)


class FakeSocket:
    """One client's end.

    Args:
        stalled: the client reads nothing until `resume`.
    """

    def __init__(self, *, stalled: bool = False) -> None:
        self.stalled = stalled
        self.wire: list[AsgiEvent] = []
        """What the client got, in the order in which it got it."""
        self.most_in_flight = 0
        self._in_flight: list[tuple[asyncio.Future[None], AsgiEvent]] = []
        self._incoming: deque[AsgiEvent] = deque([{"type": "websocket.connect"}])
        self._receiving: asyncio.Future[AsgiEvent] | None = None

    # ── what the application calls ──────────────────────────────────────────────────────────────────────────────────

    def send(self, event: AsgiEvent) -> asyncio.Future[None]:
        """Start sending."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._in_flight.append((future, event))
        self.most_in_flight = max(self.most_in_flight, len(self._in_flight))
        if not self.stalled:
            loop.call_soon(self._complete)
        return future

    def receive(self) -> asyncio.Future[AsgiEvent]:
        """Wait for the client's next message."""
        self._receiving = asyncio.get_running_loop().create_future()
        self._deliver()
        return self._receiving

    # ── what the client does ────────────────────────────────────────────────────────────────────────────────────────

    def say(self, message: object) -> None:
        """Send a frame: bytes, text, or an object as JSON."""
        if isinstance(message, bytes):
            self._incoming.append({"type": "websocket.receive", "bytes": message, "text": None})
        else:
            text = message if isinstance(message, str) else json.dumps(message)
            self._incoming.append({"type": "websocket.receive", "bytes": None, "text": text})
        self._deliver()

    def hang_up(self) -> None:
        """Go away."""
        self._incoming.append({"type": "websocket.disconnect", "code": 1006})
        self._deliver()

    def take_one(self) -> None:
        """Read what the oldest send put out, although stalled."""
        future, event = self._in_flight.pop(0)
        self.wire.append(event)
        future.set_result(None)

    def resume(self) -> None:
        """Read everything from now on."""
        self.stalled = False
        self._complete()

    # ── what the client got ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def accepted(self) -> str | None:
        """The subprotocol that was agreed on."""
        return next((event["subprotocol"] for event in self.wire if event["type"] == "websocket.accept"), None)

    @property
    def close_code(self) -> int | None:
        """The code of the close frame."""
        return next((event["code"] for event in self.wire if event["type"] == "websocket.close"), None)

    @property
    def messages(self) -> list[ServerMessage]:
        """Every message, decoded."""
        return [_decoded(event) for event in self.wire if event["type"] == "websocket.send"]

    def of(self, kind: type[T]) -> list[T]:
        """Return the messages of one kind."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def states(self) -> list[CanvasStateMessage]:
        """The canvas:state messages."""
        return self.of(CanvasStateMessage)

    @property
    def updates(self) -> list[PixelBulkUpdate]:
        """The bulk updates."""
        return self.of(PixelBulkUpdate)

    @property
    def rejects(self) -> list[PixelReject]:
        """The rejections."""
        return self.of(PixelReject)

    @property
    def acked(self) -> list[int]:
        """The acknowledged ids, in order."""
        lists = [(ack.id,) if isinstance(ack.id, int) else ack.id for ack in self.of(PixelAck)]
        return [request for ids in lists for request in ids]

    def _complete(self) -> None:
        for entry in reversed(self._in_flight.copy()):
            future, event = entry
            waits = event["type"] == "websocket.close" and self._receiving and not self._receiving.done()
            if waits or self.stalled:
                continue
            self._in_flight.remove(entry)
            if not future.done():
                self.wire.append(event)
                future.set_result(None)

    def _deliver(self) -> None:
        if self._incoming and self._receiving and not self._receiving.done():
            self._receiving.set_result(self._incoming.popleft())


def _decoded(event: AsgiEvent) -> ServerMessage:
    text = event.get("text")
    return decode_bulk_update(event["bytes"], SMALL) if text is None else server_message(json.loads(text))
