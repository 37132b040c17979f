"""Place→seen: how long until everybody sees a pixel, with the real server in its own process."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from tests.support.server import RunningServer, running_server

from .cpu import cpu_seconds
from .crowd import Crowd
from .table import show

WIDE_OPEN = {
    "user_rate": "100000",
    "user_burst": "100000",
    "address_rate": "100000",
    "address_burst": "100000",
    "max_connections_per_address": "20000",
    "sessions_per_minute": "1000000",
}
"""All load comes from one address and is far beyond what one person may do."""


def run(sockets: int, rate: float, seconds: float) -> bool:
    """Measure and print; returns whether nothing was lost, repeated or different."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder), **WIDE_OPEN) as server:
        return uvloop.run(_measure(server, sockets, rate, seconds))


async def _measure(server: RunningServer, sockets: int, rate: float, seconds: float) -> bool:
    crowd = Crowd()
    await crowd.join(server.url, sockets)
    await asyncio.sleep(1)
    cpu = cpu_seconds(server.pid)
    placed = await crowd.draw(rate, seconds)
    cpu = cpu_seconds(server.pid) - cpu
    await crowd.settle(placed)
    gaps = sum(follower.gaps for follower in crowd.followers)
    duplicates = sum(follower.duplicates for follower in crowd.followers)
    checksums = {follower.canvas.checksum for follower in crowd.followers}
    seqs = {follower.seq for follower in crowd.followers}
    crowd.leave()
    latencies = sorted(crowd.latencies)
    rows = [
        ("placed, acknowledged, rejected", f"{placed}, {crowd.acked}, {crowd.rejected}"),
        ("place→seen p50, p95, p99 (ms)", ", ".join(f"{percentile(latencies, p) * 1000:.0f}" for p in (50, 95, 99))),
        ("gaps, repeats", f"{gaps}, {duplicates}"),
        ("different seqs, checksums", f"{len(seqs)}, {len(checksums)}"),
        ("bytes a pixel, header included", f"{crowd.bytes / max(1, crowd.pixels):.2f}"),
        ("frames delivered a second", f"{crowd.frames / seconds:.0f}"),
        ("server CPU, cores", f"{cpu / seconds:.2f}"),
    ]
    show(f"Place→seen: {sockets} sockets, {rate:.0f} px/s, {seconds:.0f} s", ("what", "figure"), rows)
    return gaps == duplicates == 0 and len(checksums) == len(seqs) == 1 and crowd.acked == placed


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of sorted values."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")
