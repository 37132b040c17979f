"""Nodes whose clocks are two minutes apart: nobody is to notice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from pixels.cluster.cluster import UNLIMITED
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import Session, TokenSigner
from tests.support.crowd import Log, crowd
from tests.support.faulty_cluster import FaultyCluster, faulty_cluster

pytestmark = pytest.mark.slow

SKEWS = (60.0, -60.0)
RATE, BURST = 5, 10
TAKEOVER_S = 5.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyCluster]:
    """Run one with narrow limits."""
    settings = {**UNLIMITED, "user_rate": str(RATE), "user_burst": str(BURST)}
    with faulty_cluster(tmp_path_factory.mktemp("cluster"), settings=settings, skews=SKEWS) as running:
        yield running


async def test_clocks_two_minutes_apart(cluster: FaultyCluster) -> None:
    """[DIST-8] [PLACE-3] [SES-1] Before a takeover and after it: sessions, limits and the log's times."""
    started = time.time()
    ahead, behind = (time.mktime(time.strptime(node.log[0][:19], "%Y-%m-%d %H:%M:%S")) for node in cluster.nodes)
    assert ahead - behind > 100, "the clocks do not differ"
    await check_sessions(cluster)
    async with crowd(cluster.url, 4) as people, people.drawing(2 * RATE):
        await asyncio.sleep(3)
        leader = cluster.leader()
        assert leader is not None
        await asyncio.to_thread(leader.kill)
        moment = time.monotonic()
        async with asyncio.timeout(TAKEOVER_S + 5):  # limits that stood still would do so for one minute or two
            while any(len([a for a, _ in p.placed_at if a > moment]) <= RATE for p in people.painters):  # noqa: ASYNC110  # many clients, no one event
                await asyncio.sleep(0.1)
        for painter in people.painters:
            placed = [asked for asked, _ in painter.placed_at]
            assert len(placed) <= BURST + RATE * (time.time() - started), "a takeover has filled a bucket"
        assert ReasonCode.RATE_LIMITED in people.refusals
    store = await cluster.open_log()
    try:
        logged = await Log.read(store)
    finally:
        await store.close()
    times = [pixel.time for pixel in logged.pixels]
    assert all(before <= after for before, after in pairwise(times))
    assert started * 1000 - 5_000 < times[0]
    assert times[-1] < time.time() * 1000 + 5_000


async def check_sessions(cluster: FaultyCluster) -> None:
    """A session of half a minute is good on both nodes, one that ended half a minute ago on neither."""
    signer = TokenSigner(cluster.secret.encode())
    for port in cluster.node_ports:
        assert await status(port, signer, seconds=30) == 101
        assert await status(port, signer, seconds=-30) == 401


async def status(port: int, signer: TokenSigner, seconds: float) -> int:
    session = Session(user="u_test", role=Role.PAINTER, expires_at=int((time.time() + seconds) * 1000))
    try:
        async with connect(
            f"ws://127.0.0.1:{port}/ws",
            subprotocols=["pixels.v1.json"],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Bearer {signer.sign(session)}"},
            proxy=None,
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code
