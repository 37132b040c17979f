"""Place→seen: how long until everybody sees a pixel, with the real servers in processes of their own."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from pixels.cluster.cluster import UNLIMITED, running_cluster
from tests.bench.cpu import cpu_seconds
from tests.bench.crowd import Crowd
from tests.bench.table import show
from tests.support.server import running_server


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on one canvas."""

    rows: list[str]
    """In the order of `WHAT`."""
    whole: bool
    """Whether nothing was lost, repeated or different."""


WHAT = (
    "placed, acknowledged, rejected",
    "place→seen p50, p95, p99 (ms)",
    "gaps, repeats",
    "different seqs, checksums",
    "bytes a pixel, header included",
    "frames delivered a second",
    "CPU of the socket processes, cores",
)


def run(sockets: int, rate: float, seconds: float, nodes: int) -> bool:
    """Measure the standalone server and, with any, that many socket nodes; print both side by side.

    Returns whether nothing was lost, repeated or different.
    """
    found = {"standalone": _standalone(sockets, rate, seconds)}
    if nodes:
        found[f"{nodes} nodes"] = _distributed(sockets, rate, seconds, nodes)
    rows = [(what, *row) for what, *row in zip(WHAT, *(figures.rows for figures in found.values()), strict=True)]
    show(f"Place→seen: {sockets} sockets, {rate:.0f} px/s, {seconds:.0f} s", ("what", *found), rows)
    return all(figures.whole for figures in found.values())


def _standalone(sockets: int, rate: float, seconds: float) -> Figures:
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder), **UNLIMITED) as server:
        return uvloop.run(_measure(server.url, [server.pid], sockets, rate, seconds))


def _distributed(sockets: int, rate: float, seconds: float, nodes: int) -> Figures:
    """Through the proxy, over real Redis and DynamoDB Local, on this same machine."""
    with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder), nodes, settings=UNLIMITED) as cluster:
        pids = [node.pid for node in cluster.nodes]
        return uvloop.run(_measure(cluster.url, pids, sockets, rate, seconds))


async def _measure(url: str, pids: list[int], sockets: int, rate: float, seconds: float) -> Figures:
    crowd = Crowd()
    await crowd.join(url, sockets)
    await asyncio.sleep(1)
    cpu = sum(map(cpu_seconds, pids))
    placed = await crowd.draw(rate, seconds)
    cpu = sum(map(cpu_seconds, pids)) - cpu
    await crowd.settle(placed)
    gaps = sum(follower.gaps for follower in crowd.followers)
    duplicates = sum(follower.duplicates for follower in crowd.followers)
    checksums = {follower.canvas.checksum for follower in crowd.followers}
    seqs = {follower.seq for follower in crowd.followers}
    crowd.leave()
    latencies = sorted(crowd.latencies)
    rows = [
        f"{placed}, {crowd.acked}, {crowd.rejected}",
        ", ".join(f"{percentile(latencies, p) * 1000:.0f}" for p in (50, 95, 99)),
        f"{gaps}, {duplicates}",
        f"{len(seqs)}, {len(checksums)}",
        f"{crowd.bytes / max(1, crowd.pixels):.2f}",
        f"{crowd.frames / seconds:.0f}",
        f"{cpu / seconds:.2f}",
    ]
    return Figures(rows, gaps == duplicates == 0 and len(checksums) == len(seqs) == 1 and crowd.acked == placed)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile of sorted values."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else float("nan")
