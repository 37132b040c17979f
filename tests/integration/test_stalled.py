"""A client that talks and never reads."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from pixels_core.protocol.binary_codec import encode_stroke
from pixels_core.protocol.messages import StrokeFrame
from tests.integration.clients import (
    UNLIMITED,
    Follower,
    canvas_of,
    eventually,
    metric,
    new_token,
)
from tests.integration.drawing import all_following, drawing, make_followers
from tests.support.server import RunningServer, running_server

STALLED = 2
REFUSED = encode_stroke(StrokeFrame(id=1, color=1, cells=tuple(range(810_000, 810_256))))
"""256 pixels outside the canvas: 28 kB of answers, which have to wait for somebody who does not read them."""
GROWTH_KIB = 40_000
"""What the process may grow by meanwhile: the kernel, not it, holds a few megabytes for each of them."""


def frame(payload: bytes) -> bytes:
    """Return a masked binary WebSocket frame; the mask is zero."""
    return b"\x82" + struct.pack("!BH", 0x80 | 126, len(payload)) + bytes(4) + payload


@contextmanager
def raw_socket(server: RunningServer, token: str) -> Iterator[socket.socket]:
    """Open a WebSocket by hand, with the smallest receive buffer there is."""
    with closing(socket.socket()) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        raw.connect(("127.0.0.1", server.port))
        lines = [
            "GET /ws HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Protocol: pixels.v1.bin",
            f"Authorization: Bearer {token}",
        ]
        raw.sendall("\r\n".join([*lines, "", ""]).encode())
        assert raw.recv(12) == b"HTTP/1.1 101"
        yield raw


def talk_until_cut(raw: socket.socket, frames: int = 800) -> bool:
    """Ask for far more than the kernel will hold and read none of it; say whether the server put an end to that."""
    for _ in range(frames):
        try:
            raw.sendall(frame(REFUSED))
        except (ConnectionResetError, BrokenPipeError):
            return True
        time.sleep(0.04)  # below the socket's limit: this is no flood
    return False


def established(server: RunningServer) -> int:
    """Count the server's open TCP connections."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(int(row[1].rpartition(":")[2], 16) == server.port and row[3] == "01" for row in rows)


def memory_kib(server: RunningServer) -> int:
    """Return the server's resident memory."""
    status = Path(f"/proc/{server.pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


async def time_to_see(follower: Follower, request: int) -> float:
    """Return how long a pixel takes from here to its ack."""
    started = time.monotonic()
    await follower.place(request, 899, 899, request % 32)
    await eventually(lambda: request in follower.acks)
    return time.monotonic() - started


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks at Linux's table of connections")
async def test_a_stalled_reader_hurts_only_itself(tmp_path: Path) -> None:
    """[SOCK-5] It is closed, its TCP connection with it; everybody else sees every pixel at once."""
    settings = {"host": "0.0.0.0", **UNLIMITED, "socket_rate": "20000", "socket_burst": "20000", "stall_seconds": "2"}
    with running_server(tmp_path, **settings) as server:
        followers = make_followers(server, 5)
        watcher, *painters = followers
        async with all_following(followers):
            before = memory_kib(server)
            waits: list[float] = []
            with _all_stalled(server, STALLED) as stalled:
                assert established(server) == len(followers) + STALLED
                async with drawing(painters, 500):
                    talking = [asyncio.to_thread(talk_until_cut, raw) for raw in stalled]
                    all_cut = asyncio.gather(*talking)
                    while not all_cut.done():
                        waits.append(await time_to_see(watcher, request=len(waits)))
                    assert all(await all_cut)
                    assert metric(server, 'pixels_sockets_closed_total{reason="slow_consumer"}') == STALLED
                    assert established(server) == len(followers)
                    assert memory_kib(server) - before < GROWTH_KIB
            assert sorted(waits)[len(waits) // 2] < 0.25
            await eventually(lambda: not any(follower.unanswered for follower in followers))
            end = canvas_of(server)
            await eventually(lambda: all(follower.seq == end["seq"] for follower in followers))
        assert {follower.checksum for follower in followers} == {end["checksum"]}
        assert sum(follower.gaps + follower.repeats for follower in followers) == 0
        assert await asyncio.to_thread(server.terminate) == 0


@contextmanager
def _all_stalled(server: RunningServer, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(raw_socket(server, new_token(server))) for _ in range(count)]


@pytest.mark.slow
async def test_a_stalled_reader_does_not_keep_the_server_from_stopping(tmp_path: Path) -> None:
    """[SOCK-8] [SOCK-5] It is given a moment for its last messages, no more."""
    settings = {**UNLIMITED, "socket_rate": "20000", "socket_burst": "20000"}
    with running_server(tmp_path, **settings) as server, raw_socket(server, new_token(server)) as raw:
        for _ in range(200):
            raw.sendall(frame(REFUSED))
            await asyncio.sleep(0.02)
        started = time.monotonic()
        assert await asyncio.to_thread(server.terminate) == 0
        assert time.monotonic() - started < 5
