"""Clients of a real server: sessions over HTTP, sockets, and a follower that proves what it sees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.messages import SUBPROTOCOL_JSON
from tests.support.server import RunningServer

PATIENCE_S = 15.0
UNLIMITED = {
    "user_rate": "100000", "user_burst": "100000", "address_rate": "100000", "address_burst": "100000",
    "socket_rate": "100000", "socket_burst": "100000", "max_connections_per_address": "1000",
    "sessions_per_minute": "100000",
}  # fmt: skip
"""Settings under which nothing is refused for coming too fast."""


async def eventually(condition: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something is true; it has to be within `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # whatever becomes true has no event of its own
            await asyncio.sleep(0.01)


def new_token(server: RunningServer) -> str:
    """Open a session; return its token."""
    answer = httpx.post(f"{server.url}/api/session", json={})
    token: str = answer.raise_for_status().json()["token"]
    return token


def canvas_of(server: RunningServer) -> dict[str, Any]:
    """Return the canvas's metadata: seq, checksum, epoch and so on."""
    found: dict[str, Any] = httpx.get(f"{server.url}/api/canvas/main").raise_for_status().json()
    return found


def metric(server: RunningServer, name: str) -> float:
    """Return the value of a metric, 0 where it was never counted."""
    lines = httpx.get(f"{server.url}/metrics").raise_for_status().text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


def socket_url(server: RunningServer, query: str = "") -> str:
    """Return the address of a server's socket."""
    return f"{server.url.replace('http', 'ws', 1)}/ws?{query}"


@asynccontextmanager
async def opened(
    server: RunningServer,
    token: str | None,
    query: str = "",
    *,
    subprotocol: str | None = SUBPROTOCOL_JSON,
    origin: str | None = None,
) -> AsyncIterator[ClientConnection]:
    """Open a bare socket; a refused handshake raises InvalidStatus."""
    async with connect(
        socket_url(server, query),
        subprotocols=None if subprotocol is None else [subprotocol],  # type: ignore[list-item]
        additional_headers={"Authorization": f"Bearer {token}"} if token else {},
        origin=origin,  # type: ignore[arg-type]
        compression=None,
        proxy=None,
        open_timeout=PATIENCE_S,
        close_timeout=1,
        max_size=None,
    ) as socket:
        yield socket


async def heard(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of a type."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def close_code_of(socket: ClientConnection) -> int | None:
    """Read until the server closes the socket; return its code."""
    async with asyncio.timeout(PATIENCE_S):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


class Follower:
    """Follows a canvas from its beginning, also across reconnects, and counts whatever should not be.

    It also draws: `place` remembers what was asked, and `acks` what was promised.
    """

    def __init__(self, server: RunningServer, token: str) -> None:
        self.server = server
        self.token = token
        self.user = ""
        self.canvas: Canvas | None = None
        self.seq = 0
        self.epoch = ""
        self.gaps = self.repeats = 0
        self.modes: list[str] = []
        self.acks: dict[int, int] = {}
        """Request id → the ack's seq; it covers all requests of that batch."""
        self.rejects: dict[int, dict[str, Any]] = {}
        self.answers = 0
        self.asked: dict[int, tuple[int, int, int]] = {}
        self.close_code: int | None = None
        self._socket: ClientConnection | None = None

    @property
    def unanswered(self) -> list[int]:
        """The requests without an answer."""
        return [request for request in self.asked if request not in self.acks and request not in self.rejects]

    @property
    def checksum(self) -> int:
        """The checksum of what it sees."""
        return self.canvas.checksum if self.canvas else 0

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Be connected until the block ends; the first message has come when it begins."""
        self.close_code = None
        query = f"since={self.seq}" + (f"&epoch={self.epoch}" if self.epoch else "")
        async with opened(self.server, self.token, query) as socket:
            self._socket = socket
            self._take(json.loads(await asyncio.wait_for(socket.recv(), PATIENCE_S)))
            reading = asyncio.create_task(self._read(socket))
            try:
                yield
            finally:
                reading.cancel()
                (problem,) = await asyncio.gather(reading, return_exceptions=True)
                if isinstance(problem, Exception):
                    raise problem

    async def place(self, request: int, x: int, y: int, color: int) -> None:
        """Ask for a pixel; a connection that is gone is no error, the request stays unanswered."""
        assert self._socket is not None
        self.asked[request] = (x, y, color)
        with suppress(ConnectionClosed):
            await self._socket.send(json.dumps(_update(request, x, y, color)))

    async def ask_again(self) -> None:
        """Send everything that has no answer once more, under the same ids."""
        for request in self.unanswered:
            await self.place(request, *self.asked[request])

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                self._take(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.close_code = socket.close_code

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "canvas:state":
                self._on_state(message)
            case "pixel:bulk_update":
                self._on_update(message)
            case "pixel:ack":
                ids = message["id"] if isinstance(message["id"], list) else [message["id"]]
                self.answers += len(ids)
                self.acks.update(dict.fromkeys(ids, message["seq"]))
            case "pixel:reject":
                self.answers += 1
                self.rejects[message["id"]] = message

    def _on_state(self, state: dict[str, Any]) -> None:
        self.modes.append(state["mode"])
        self.user = state["you"]["user"]
        if self.canvas is None:
            self.canvas, self.epoch = Canvas(Size(state["width"], state["height"])), state["epoch"]
        assert state["epoch"] == self.epoch
        assert state["mode"] != "reload", "the test's canvas fits into the retained window"

    def _on_update(self, update: dict[str, Any]) -> None:
        assert self.canvas is not None
        self.gaps += update["first"] > self.seq + 1
        self.repeats += update["first"] <= self.seq
        for x, y, color in update["pixels"]:
            self.canvas.set(self.canvas.size.cell(x, y), color)
        self.seq = update["seq"]


def _update(request: int, x: float, y: float, color: Any) -> dict[str, Any]:
    return {
        "type": "pixel:update", "id": request, "x": x, "y": y, "color": color,
        "tool": "brush", "clientTimestamp": 1_760_000_000_000,
    }  # fmt: skip


def placement(request: int, x: float = 1, y: float = 1, color: Any = 1) -> str:
    """Return a placement as text."""
    return json.dumps(_update(request, x, y, color))
