"""A crowd: many sockets in one process that follow the stream, check it and time it."""

from __future__ import annotations

import asyncio
import time
from array import array
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import decode_bulk_update, encode_stroke
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, StrokeFrame, Tool

CONNECT_AT_ONCE = 50


@lru_cache(maxsize=64)
def _decoded(data: bytes, size: Size) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """Decode a frame once for all followers: they receive the same bytes."""
    message = decode_bulk_update(data, size)
    return message.first, message.seq, tuple((y * size.width + x, color) for x, y, color in message.pixels)


class Crowd:
    """Shared clocks and counters of all followers.

    `sent` maps a cell to when its placement was sent; followers add the time until they see it to `latencies`.
    """

    def __init__(self) -> None:
        self.followers: list[Follower] = []
        self.sent: dict[int, float] = {}
        self.latencies = array("d")
        self.acked = self.rejected = self.bytes = self.frames = self.pixels = 0

    async def join(self, url: str, count: int) -> None:
        """Open `count` sockets of one session each, at seq 0 of an empty canvas."""
        parts = urlsplit(url)
        async with httpx.AsyncClient(base_url=url) as client:
            for start in range(0, count, CONNECT_AT_ONCE):
                await asyncio.gather(
                    *(
                        self._open(client, f"ws://{parts.netloc}/ws?since=0")
                        for _ in range(start, min(count, start + CONNECT_AT_ONCE))
                    )
                )

    async def _open(self, client: httpx.AsyncClient, url: str) -> None:
        token = (await client.post("/api/session", json={})).json()["token"]
        headers = {"Authorization": f"Bearer {token}", "Sec-WebSocket-Protocol": SUBPROTOCOL_BINARY}
        _, follower = await ws_connect(lambda: Follower(self), url, extra_headers=headers)
        assert isinstance(follower, Follower)
        self.followers.append(follower)

    async def draw(self, rate: float, seconds: float) -> int:
        """Place `rate` pixels a second, each from another socket, for some seconds; returns how many."""
        started, placed = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - started) < seconds:
            while placed < elapsed * rate:
                self._place(placed)
                placed += 1
            await asyncio.sleep(0.004)
        return placed

    def _place(self, number: int) -> None:
        follower = self.followers[number * 7 % len(self.followers)]
        cell = number * 7919 % follower.canvas.size.cells  # 7919 is prime to 810,000: no cell twice
        frame = StrokeFrame(id=number, color=1 + number % 247, tool=Tool.SCRIPT, cells=(cell,))
        self.sent[cell] = time.perf_counter()
        follower.transport.send(WSMsgType.BINARY, encode_stroke(frame))

    async def settle(self, placed: int, seconds: float = 10) -> None:
        """Wait until everything placed is answered and everybody is at the head."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if self.acked + self.rejected >= placed and len({f.seq for f in self.followers}) == 1:
                return
            await asyncio.sleep(0.05)

    def leave(self) -> None:
        """Close all sockets."""
        for follower in self.followers:
            follower.transport.disconnect()


class Follower(WSListener):
    """One socket: keeps its own canvas and counts gaps and repeats."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.canvas = Canvas(Size())
        self.seq = self.gaps = self.duplicates = 0
        self.transport: Any = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take one frame."""
        if frame.msg_type == WSMsgType.BINARY:
            self._bulk_update(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            self._text(orjson.loads(frame.get_payload_as_bytes()))
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def _text(self, message: dict[str, Any]) -> None:
        if message["type"] == "pixel:ack":
            self.crowd.acked += len(message["id"]) if isinstance(message["id"], list) else 1
        elif message["type"] == "pixel:reject":
            self.crowd.rejected += 1

    def _bulk_update(self, data: bytes) -> None:
        now, crowd = time.perf_counter(), self.crowd
        first, seq, cells = _decoded(data, self.canvas.size)
        self.gaps += first > self.seq + 1
        self.duplicates += first <= self.seq
        self.seq = seq
        self.canvas.update(cells)
        crowd.frames += 1
        crowd.bytes += len(data) + (2 if len(data) < 126 else 4)
        crowd.pixels += len(cells)
        crowd.latencies.extend(now - crowd.sent[cell] for cell, _ in cells)
