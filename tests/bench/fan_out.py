"""Fan-out: CPU per delivered frame, ours beside bare broadcast loops, in the same run with the same clients."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
from picows import WSFrame, WSListener, ws_connect

from pixels.cluster.cluster import UNLIMITED
from pixels.cluster.program import free_port
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import encode_cells
from tests.bench.cpu import cpu_seconds
from tests.bench.crowd import Crowd
from tests.bench.table import show
from tests.support.server import running_server

INTERVAL = 0.05
PIXELS_PER_FRAME = 10


def run(sockets: int, seconds: float) -> None:
    """Measure and print."""
    floors = {kind: _floor(kind, sockets, seconds) for kind in ("granian", "picows")}
    ours = _ours(sockets, seconds)
    rows = [
        (name, f"{cost * 1e6:.2f}", *(f"{cost / floor:.2f}" for floor in floors.values()))
        for name, cost in (("bare Granian", floors["granian"]), ("bare picows", floors["picows"]), ("Pixels", ours))
    ]
    show(
        f"Fan-out: {sockets} sockets, {1 / INTERVAL:.0f} frames/s of {PIXELS_PER_FRAME} pixels, {seconds:.0f} s",
        ("server", "CPU µs a frame", "x Granian", "x picows"),
        rows,
    )


def _ours(sockets: int, seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder), **UNLIMITED) as server:
        return uvloop.run(_drive(server.url, server.pid, sockets, seconds))


async def _drive(url: str, pid: int, sockets: int, seconds: float) -> float:
    """Return CPU seconds per delivered frame of the real server: rules, commit and encoding included."""
    crowd = Crowd()
    await crowd.join(url, sockets)
    await crowd.draw(PIXELS_PER_FRAME / INTERVAL, 1)
    before, frames = cpu_seconds(pid), crowd.frames
    await crowd.draw(PIXELS_PER_FRAME / INTERVAL, seconds)
    cost = (cpu_seconds(pid) - before) / max(1, crowd.frames - frames)
    crowd.leave()
    return cost


class _Counter(WSListener):
    frames = 0

    def on_ws_frame(self, _transport: object, frame: WSFrame) -> None:
        frame.get_payload_as_bytes()
        _Counter.frames += 1


def _floor(kind: str, sockets: int, seconds: float) -> float:
    cells = [(number * 7919 % Size().cells, number) for number in range(1, PIXELS_PER_FRAME + 1)]
    frame = encode_cells(1, PIXELS_PER_FRAME, cells)
    with _floor_server(kind, frame) as (port, pid):
        return uvloop.run(_count(port, pid, sockets, seconds))


@contextmanager
def _floor_server(kind: str, frame: bytes) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.floors", kind, str(port), str(INTERVAL), frame.hex()]
    process = subprocess.Popen(command)
    time.sleep(1.5)
    try:
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


async def _count(port: int, pid: int, sockets: int, seconds: float) -> float:
    headers = {"Sec-WebSocket-Protocol": "pixels.v1.bin"}
    for start in range(0, sockets, 50):
        await asyncio.gather(
            *(
                ws_connect(_Counter, f"ws://127.0.0.1:{port}/ws", extra_headers=headers)
                for _ in range(start, min(sockets, start + 50))
            )
        )
    await asyncio.sleep(1)
    before, frames = cpu_seconds(pid), _Counter.frames
    await asyncio.sleep(seconds)
    return (cpu_seconds(pid) - before) / max(1, _Counter.frames - frames)
