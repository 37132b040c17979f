"""One WebSocket of a client: it hands over what comes in and sends, in order, what is put out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from pixels_core.errors import ProtocolError, ServerUnreachable
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import decode_bulk_update
from pixels_core.protocol.json_codec import dumps, server_message
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, Heartbeat, PixelUpdate, ServerMessage
from pixels_core.sync import Reconnect
from .rest_client import problem_of
from .strokes import frames

OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
MAX_FRAME_BYTES = 16 << 20
"""A catch-up of 100,000 cells has about half a megabyte; this only stops nonsense."""


def socket_address(url: str, canvas: str, start: Reconnect) -> str:
    """Return the address of the socket for a server's address and the point to resume from."""
    query = {"canvas": canvas}
    if start.since is not None and start.epoch is not None:
        query |= {"since": str(start.since), "epoch": start.epoch}
    return f"ws{url.removeprefix('http')}/ws?{urlencode(query)}"


async def open_socket(url: str, canvas: str, token: str | None, start: Reconnect) -> ClientConnection:
    """Connect; raises TokenError or ClientFault for what will not get better, else ServerUnreachable."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return await connect(
            socket_address(url, canvas, start),
            subprotocols=[SUBPROTOCOL_BINARY],  # type: ignore[list-item]  # Subprotocol is a NewType of str
            additional_headers=headers,
            compression=None,  # the frames are compact already
            open_timeout=OPEN_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            ping_interval=None,  # the protocol has heartbeats of its own
            max_size=MAX_FRAME_BYTES,
        )
    except InvalidStatus as refusal:
        raise problem_of(refusal.response.status_code, bytes(refusal.response.body or b""), url) from refusal
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as problem:
        raise ServerUnreachable(f"Cannot reach {url}: {problem}.") from problem


class SocketLink:
    """An open socket.

    Args:
        socket: what `open_socket` returned.
        size: returns the canvas's size once it is known.
        receive: takes each message.
    """

    def __init__(
        self, socket: ClientConnection, size: Callable[[], Size | None], receive: Callable[[ServerMessage], None]
    ) -> None:
        self._socket = socket
        self._size = size
        self._receive = receive
        self._outbox: list[PixelUpdate | Heartbeat] = []
        self._filled = asyncio.Event()
        self._dropped = asyncio.Event()

    def put(self, message: PixelUpdate | Heartbeat) -> None:
        """Send a message after those put before it."""
        self._outbox.append(message)
        self._filled.set()

    def drop(self) -> None:
        """Make `run` return."""
        self._dropped.set()

    async def run(self) -> int | None:
        """Serve the socket until it ends or is dropped; returns the close code, if there was one."""
        tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._wait_for_drop())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._socket.close()
        return self._socket.close_code

    async def _read(self) -> None:
        with suppress(ConnectionClosed):  # however it ended, the close code tells
            while not self._dropped.is_set():
                message = self._decode(await self._socket.recv())
                if message:
                    self._receive(message)

    def _decode(self, data: str | bytes) -> ServerMessage | None:
        """Return a message; None for one that a newer server may send and an older client need not know."""
        try:
            if isinstance(data, bytes):
                size = self._size()
                return decode_bulk_update(data, size) if size else None
            return server_message(orjson.loads(data))
        except (ProtocolError, ValueError):
            return None  # what it may have changed is missed, and found out by the next seq or checksum

    async def _write(self) -> None:
        with suppress(ConnectionClosed):
            await self._write_until_closed()

    async def _write_until_closed(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            messages, self._outbox = self._outbox, []
            for frame in self._frames(messages):
                await self._socket.send(frame)

    def _frames(self, messages: list[PixelUpdate | Heartbeat]) -> list[str | bytes]:
        beats: list[str | bytes] = [dumps(message) for message in messages if isinstance(message, Heartbeat)]
        return [*beats, *frames((item for item in messages if isinstance(item, PixelUpdate)), self._size())]

    async def _wait_for_drop(self) -> None:
        await self._dropped.wait()
