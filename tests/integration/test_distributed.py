"""Two socket nodes, the API and a proxy over Redis and DynamoDB, as they are deployed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from pixels.cluster.cluster import UNLIMITED, Cluster, answers, running_cluster
from pixels.cluster.program import Program, free_port
from pixels_core.errors import ReasonCode
from tests.support.crowd import Crowd, Log, crowd

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("distributed")]

TAKEOVER_S = 5.0
"""The longest that a leader's death may be felt."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run one for all tests here; each leaves it whole, for the next goes on with its log."""
    settings = {**UNLIMITED, "snapshot_seconds": "2"}
    with running_cluster(tmp_path_factory.mktemp("cluster"), nodes=2, settings=settings) as cluster:
        yield cluster


@pytest.fixture
def cluster(running: Cluster) -> Cluster:
    """Return a cluster in which everything runs, with an empty canvas's worth of checks still to come."""
    for program in running.programs:
        program.resume()
        if not program.running:
            program.start()
    return running


async def leader_of(cluster: Cluster) -> Program:
    """Wait until a node leads."""
    async with asyncio.timeout(15):
        while (found := await asyncio.to_thread(cluster.leader)) is None:  # noqa: ASYNC110  # Redis tells nobody
            await asyncio.sleep(0.05)
    return found


async def check(cluster: Cluster, people: Crowd) -> Log:
    """Wait until all is quiet and check every promise."""
    store = await cluster.open_log()
    try:
        await people.settle(store)
        logged = await Log.read(store)
    finally:
        await store.close()
    logged.check(people)
    return logged


async def test_two_nodes_show_one_canvas(cluster: Cluster) -> None:
    """[DIST-1] [SYNC-1] Whoever decides, and wherever people are connected."""
    async with crowd(cluster.url, 6) as people:
        assert sorted(_sockets(port) for port in cluster.node_ports) == [3, 3]
        async with people.drawing(20):
            await asyncio.sleep(2)
        logged = await check(cluster, people)
        assert people.placed == len(logged.pixels) > 150
        assert not people.refusals
        async with asyncio.timeout(10):
            while (await _metadata(cluster))["online"] != 6:  # noqa: ASYNC110  # REST tells only who asks
                await asyncio.sleep(0.1)
        found = await _metadata(cluster)
        assert (found["seq"], found["checksum"]) == (logged.seq, logged.canvas.checksum)
        assert found["mode"] == "live"


async def test_a_stopped_leader_does_no_harm_when_it_goes_on(cluster: Cluster) -> None:
    """[DIST-2] [LOG-2] It is stopped for longer than its lease; what it decided by itself never comes true."""
    async with crowd(cluster.url, 6) as people, people.drawing(20):
        await asyncio.sleep(1)
        stopped = await leader_of(cluster)
        stopped.pause()
        moment = time.monotonic()
        await asyncio.sleep(5)
        successor = await leader_of(cluster)
        assert successor is not stopped
        stopped.resume()
        await asyncio.sleep(2)
        assert await leader_of(cluster) is successor
        taken_over = people.working_again_after(moment)
        assert taken_over is not None
        assert taken_over < TAKEOVER_S
    async with crowd(cluster.url, 2) as people:
        await check(cluster, people)


async def test_a_killed_leader_is_replaced(cluster: Cluster) -> None:
    """[DIST-3] [SEQ-6] Within five seconds, and nothing that was acknowledged is lost."""
    async with crowd(cluster.url, 6) as people:
        async with people.drawing(20):
            await asyncio.sleep(1)
            killed = await leader_of(cluster)
            await asyncio.to_thread(killed.kill)
            moment = time.monotonic()
            await asyncio.sleep(TAKEOVER_S + 0.5)
            taken_over = people.working_again_after(moment)
            assert taken_over is not None, [node.log[-5:] for node in cluster.nodes]
            assert taken_over < TAKEOVER_S, [node.log[-5:] for node in cluster.nodes]
            await asyncio.to_thread(killed.start)
        await check(cluster, people)


async def test_a_redis_that_forgets_everything_loses_nothing(cluster: Cluster) -> None:
    """[DIST-4] Also in the middle of drawing; the log is the truth."""
    async with crowd(cluster.url, 6) as people:
        async with people.drawing(20):
            for _ in range(3):
                await asyncio.sleep(1.5)
                await asyncio.to_thread(cluster.redis.flush)
            moment = time.monotonic()
            await asyncio.sleep(TAKEOVER_S)
            assert people.working_again_after(moment) is not None
        await check(cluster, people)
        assert not people.refusals, "the lease is taken again before anybody notices"


async def test_without_redis_the_canvas_is_degraded_until_it_is_back(cluster: Cluster) -> None:
    """[DIST-5] [SEQ-4] Sockets stay open, placements are refused with unavailable, and service resumes by itself."""
    async with crowd(cluster.url, 6) as people:
        async with people.drawing(10):
            await asyncio.sleep(1)
            await asyncio.to_thread(cluster.redis.kill)
            await _until(lambda: all(painter.client.degraded for painter in people.painters))
            refused = sum(people.refusals.values())
            await asyncio.sleep(1)
            assert sum(people.refusals.values()) > refused
            await asyncio.to_thread(cluster.redis.start)
            await _until(lambda: not any(painter.client.degraded for painter in people.painters))
            moment = time.monotonic()
            await asyncio.sleep(1)
            assert people.working_again_after(moment) is not None
        await check(cluster, people)
        assert set(people.refusals) == {ReasonCode.UNAVAILABLE}
        assert all(painter.client.statistics.resyncs == 0 for painter in people.painters)


async def test_a_rolling_deployment_is_hardly_felt(cluster: Cluster) -> None:
    """[DIST-6] [SOCK-8] Both nodes are replaced one after the other: nobody waits for five seconds."""
    async with crowd(cluster.url, 6) as people:
        async with people.drawing(20):
            await asyncio.sleep(1)
            for node in cluster.nodes:
                assert await asyncio.to_thread(node.terminate) == 0
                await asyncio.to_thread(node.start)
                await asyncio.sleep(1)
        await check(cluster, people)
        assert not people.refusals
        assert max(wait for painter in people.painters for wait in painter.waits) < TAKEOVER_S


async def test_workers_share_a_port_and_end_together(cluster: Cluster) -> None:
    """[DIST-1] [DIST-9] Each takes some of the sockets; where one is killed, the rest stop, and it shows."""
    port = free_port()
    workers = cluster.program("workers", "ws", "--port", str(port), "--workers", "2", ready=answers(port, "/readyz"))
    await asyncio.to_thread(workers.start)
    try:
        await _until(lambda: len(_pids(workers)) == 2, 60)
        async with httpx.AsyncClient() as client:
            token = (await client.post(f"{cluster.url}/api/session", json={})).raise_for_status().json()["token"]
        async with AsyncExitStack() as stack:
            for _ in range(25):
                link = connect(
                    f"ws://127.0.0.1:{port}/ws",
                    subprotocols=["pixels.v1.json"],  # type: ignore[list-item]
                    additional_headers={"Authorization": f"Bearer {token}"},
                    proxy=None,
                )
                await stack.enter_async_context(link)
            found = [await asyncio.to_thread(_sockets, port) for _ in range(20)]
            assert len(set(found)) == 2, f"requests reach both, and both have sockets: {found}"
            assert sum(set(found)) == 25
        os.kill(_pids(workers)[0], signal.SIGKILL)
        assert await asyncio.to_thread(workers.wait) == 1
    finally:
        workers.kill()


@pytest.mark.parametrize(
    ("command", "settings", "code", "sentence"),
    [
        ("ws", {"redis_url": "redis://127.0.0.1:1/0"}, 1, "Redis is out of reach"),
        ("ws", {"redis_url": "redis://ada:tea@127.0.0.1:{redis}/0"}, 2, "PIXELS_REDIS_URL"),
        ("api", {"redis_url": "redis://ada:tea@127.0.0.1:{redis}/0"}, 2, "PIXELS_REDIS_URL"),
        ("ws", {"log": "sqlite"}, 2, "PIXELS_LOG"),
        ("api", {"bus": "memory"}, 2, "PIXELS_BUS"),
        ("api", {"secret": ""}, 2, "PIXELS_SECRET"),
        ("ws", {"dynamodb_table": "nothing"}, 2, "pixels init"),
        ("ws", {"width": "20"}, 2, "900 by 900"),
    ],
)
async def test_a_start_that_fails_is_one_sentence(
    cluster: Cluster, command: str, settings: dict[str, str], code: int, sentence: str
) -> None:
    given = {name: value.format(redis=cluster.redis.port) for name, value in settings.items()}
    given |= {"log_level": "ERROR"}
    program = cluster.program(command, command, "--port", str(free_port()), settings=given)
    program.spawn()
    assert await asyncio.to_thread(program.wait, 60) == code
    assert len(program.log) == 1, program.log
    assert program.log[0].startswith("pixels: ")
    assert sentence in program.log[0]


def _pids(program: Program) -> list[int]:
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text("ascii")
    return [int(pid) for pid in children.split()]


def _sockets(port: int) -> int:
    lines = httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status().text.splitlines()
    return int(next(float(line.split()[-1]) for line in lines if line.startswith("pixels_sockets_open ")))


async def _metadata(cluster: Cluster) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=cluster.url) as client:
        found: dict[str, object] = (await client.get("/api/canvas/main")).raise_for_status().json()
    return found


async def _until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # whatever becomes true has no event of its own
            await asyncio.sleep(0.05)
