"""Redis or DynamoDB away, slow, busy or refusing, for all nodes or for one of them, while people draw.

The rules are the same each time: sockets stay open, who cannot be served is told `degraded` and `unavailable`, what
was acknowledged is neither lost nor doubled, and it is whole again by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from pixels.cluster.cluster import UNLIMITED
from pixels.cluster.program import Program
from pixels_core.errors import ReasonCode
from tests.support import aws_front
from tests.support.aws_front import AwsFront
from tests.support.crowd import Crowd, Log, Painter, crowd
from tests.support.faulty_cluster import FaultyCluster, faulty_cluster

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("degraded")]

NOTICED_S = 8.0
"""The longest until everybody who is concerned is told: five seconds of silence, and a machine that is busy."""
WHOLE_S = 10.0
"""The longest until everybody draws again once the cause is gone."""
TOTAL_S = 5.0
"""How long a node tries to reach DynamoDB: PIXELS_DYNAMODB_TOTAL_SECONDS."""
GROWTH_KB = 60_000


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyCluster]:
    """Run one for all tests here; each leaves it whole."""
    with faulty_cluster(tmp_path_factory.mktemp("cluster"), settings=UNLIMITED) as cluster:
        yield cluster


@pytest.fixture
def cluster(running: FaultyCluster) -> Iterator[FaultyCluster]:
    """Return it, and mend it afterwards."""
    yield running
    running.mend()


async def until(condition: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until something is true; returns how long it took, and fails after `seconds`."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"after {seconds} s: {what}"
        await asyncio.sleep(0.05)
    return time.monotonic() - started


async def leader_of(cluster: FaultyCluster) -> int:
    """Return the leader's number, waiting for one."""
    await until(cluster.leader, 15, "nobody leads")
    leader = cluster.leader()
    assert leader is not None
    return cluster.nodes.index(leader)


def degraded(people: Crowd) -> list[Painter]:
    return [painter for painter in people.painters if painter.client.degraded]


def memory_kb(program: Program) -> int:
    lines = Path(f"/proc/{program.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def status_of(port: int, path: str) -> int:
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code


async def readiness(port: int) -> int:
    return await asyncio.to_thread(status_of, port, "/readyz")


async def all_say(cluster: FaultyCluster, words: str) -> None:
    """Wait until every node's log has a sentence with these words."""

    def said() -> bool:
        return all(any(words in line for line in node.log) for node in cluster.nodes)

    await until(said, 8, f"not everybody says: {words}")


@asynccontextmanager
async def people_drawing(cluster: FaultyCluster, rate: float = 10) -> AsyncIterator[Crowd]:
    """Have six people draw until the block ends; then wait until all is quiet, and check every promise."""
    before = [memory_kb(node) for node in cluster.nodes]
    async with crowd(cluster.url, 6) as people:
        async with people.drawing(rate):
            await until(lambda: people.placed > 20, 15, "nobody draws")
            yield people
        store = await cluster.open_log()
        try:
            await people.settle(store)
            logged = await Log.read(store)
        finally:
            await store.close()
        logged.check(people)
        assert all(painter.client.statistics.resyncs == 0 for painter in people.painters), "a socket was closed"
        assert set(people.refusals) <= {ReasonCode.UNAVAILABLE}
    grown = [memory_kb(node) - kb for node, kb in zip(cluster.nodes, before, strict=True)]
    assert max(grown) < GROWTH_KB, grown


async def whole_again(cluster: FaultyCluster, people: Crowd) -> float:
    """Wait until nobody is degraded and everybody's new pixels are acknowledged; returns how long that took."""
    started = time.monotonic()
    await until(lambda: not degraded(people), WHOLE_S, f"{len(degraded(people))} are degraded")
    moment = time.monotonic()
    await until(
        lambda: all(any(asked > moment for asked, _ in p.placed_at) for p in people.painters), WHOLE_S, "not all draw"
    )
    assert [await readiness(port) for port in cluster.node_ports] == [200, 200]
    return time.monotonic() - started


async def test_a_leader_that_redis_hears_no_more(cluster: FaultyCluster) -> None:
    """[DIST-3] [DIST-5] Nothing gets through, in either direction, without a word: the other one leads."""
    async with people_drawing(cluster) as people:
        cut = await leader_of(cluster)
        moment = time.monotonic()
        cluster.links[cut].stop_up()
        await until(lambda: len(degraded(people)) == 3, NOTICED_S, "its people are not told")
        assert await readiness(cluster.node_ports[cut]) == 503
        assert await readiness(cluster.node_ports[1 - cut]) == 200
        taken_over = people.working_again_after(moment)
        assert taken_over is not None
        assert taken_over < NOTICED_S
        assert await leader_of(cluster) == 1 - cut
        await until(lambda: people.refusals, 2, "they are not refused")
        cluster.links[cut].mend()
        await whole_again(cluster, people)


async def test_a_node_that_hears_nothing_of_redis(cluster: FaultyCluster) -> None:
    """[DIST-5] What it says arrives, what it should hear does not; only its own people feel that."""
    async with people_drawing(cluster) as people:
        deaf = 1 - await leader_of(cluster)
        cluster.links[deaf].stop_up("back")
        await until(lambda: len(degraded(people)) == 3, NOTICED_S, "its people are not told")
        moment = time.monotonic()
        await until(lambda: people.working_again_after(moment), 2, "the others do not draw")
        assert await leader_of(cluster) == 1 - deaf
        cluster.links[deaf].mend()
        await whole_again(cluster, people)


async def test_a_leader_that_dynamodb_does_not_hear(cluster: FaultyCluster) -> None:
    """[DIST-5] [DIST-3] It lets the other try, also when the lease is free again; nobody is thrown out."""
    async with people_drawing(cluster) as people:
        cut = await leader_of(cluster)
        moment = time.monotonic()
        cluster.fronts[cut].stop_up()
        await until(lambda: people.working_again_after(moment), TOTAL_S + 5, "nobody draws")
        assert await leader_of(cluster) == 1 - cut
        await asyncio.sleep(1)
        assert await leader_of(cluster) == 1 - cut
        cluster.fronts[cut].mend()
        await whole_again(cluster, people)


async def test_a_dynamodb_that_is_slow_or_busy_is_only_slow(cluster: FaultyCluster) -> None:
    """[SEQ-2] [REQ-1] Half a second a call, then two of five come too fast: answers come later, and none is a no."""
    async with people_drawing(cluster, rate=30) as people:
        for front in cluster.fronts:
            front.delay = 0.5
        moment = time.monotonic()
        await asyncio.sleep(3)
        assert not degraded(people)
        assert (people.working_again_after(moment) or 9) < 3
        for seed, front in enumerate(cluster.fronts):
            front.mend()
            front.throttle(0.4, seed)
        refused = [front.refused for front in cluster.fronts]
        await until(lambda: sum(map(Counter.total, refused)) > 20, 20, "too little is refused")
        assert not degraded(people)
        assert not people.refusals
        cluster.mend()


async def test_a_dynamodb_that_is_away_or_refuses(cluster: FaultyCluster) -> None:
    """[SEQ-4] [DIST-5] It is silent, then it does not know us, then the table is gone: degraded all the while."""
    fronts: list[AwsFront] = [*cluster.fronts, cluster.api_front]
    async with people_drawing(cluster) as people:
        for front in fronts:
            front.stop_up()
        await until(lambda: len(degraded(people)) == 6, NOTICED_S, "they are not told")
        refused = sum(people.refusals.values())
        for refusal, words in (
            (aws_front.EXPIRED, "AWS does not accept the credentials"),
            (aws_front.NO_TABLE, "There is no DynamoDB table"),
        ):
            for front in fronts:
                front.mend()
                front.refuse(refusal)
            await all_say(cluster, words)
            assert len(degraded(people)) == 6
        assert sum(people.refusals.values()) > refused
        assert [await readiness(port) for port in (*cluster.node_ports, cluster.api_port)] == [503, 503, 503]
        async with httpx.AsyncClient(base_url=cluster.url) as client:
            shown = (await client.get("/api/canvas/main")).raise_for_status().json()
            assert shown["mode"] == "degraded"
            assert shown["seq"] > 0
            (await client.get("/api/canvas/main/bitmap")).raise_for_status()
        cluster.mend()
        await whole_again(cluster, people)
        assert not any("Traceback" in line for node in cluster.nodes for line in node.log)


async def test_a_redis_that_refuses(cluster: FaultyCluster) -> None:
    """[DIST-5] The user may not, it is a replica of nobody, it wants a password: each mended while all runs."""
    default = "ACL SETUSER default"
    refusals = (
        ("does not allow the user", f"{default} resetkeys ~x", f"{default} ~*"),
        ("read-only replica", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
        ("PIXELS_REDIS_URL", f"{default} resetpass >tea", f"{default} nopass"),
    )
    async with people_drawing(cluster) as people:
        with cluster.redis.client() as redis:
            for words, spoil, mend in refusals:
                redis.execute_command(*spoil.split())
                for link in cluster.links:
                    link.cut()
                await until(lambda: len(degraded(people)) == 6, NOTICED_S, f"they are not told: {words}")
                await all_say(cluster, words)
                assert [await readiness(port) for port in cluster.node_ports] == [503, 503]
                redis.execute_command(*mend.split())
                await whole_again(cluster, people)
