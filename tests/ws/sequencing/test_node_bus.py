"""A node's end of the bus, with a real Redis and a real leader at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.hosting.clock import SteadyClock
from pixels_core.adapters.redis.bus import MAX_ENTRY
from pixels_core.errors import ReasonCode, StoreCorrupt, StoreUnavailable
from pixels_core.log.batch_codec import pack_batch
from pixels_core.protocol.messages import Mode
from pixels_core.rules.effects import Accepted, Refused
from pixels_ws.sequencing import node_bus as module
from pixels_ws.sequencing.node_bus import NodeBus
from tests.support.builders import make_batch, read_all
from tests.ws.bus_world import (
    Asker,
    BusWorld,
    Hearer,
    bus_world,
    eventually,
    pixel,
    running,
)
from tests.ws.fake_socket import FakeSocket
from tests.ws.world import make_connection

UNAVAILABLE = Refused(ReasonCode.UNAVAILABLE)


@pytest.fixture
async def world(redis: RedisServer) -> AsyncIterator[BusWorld]:
    async with bus_world(redis) as opened:
        yield opened


@dataclass
class Node:
    bus: NodeBus
    hearer: Hearer
    task: asyncio.Task[None]

    def place(self, *requests: int) -> None:
        for request in requests:
            self.bus.submit(Asker(), pixel(request))


@asynccontextmanager
async def following(world: BusWorld) -> AsyncIterator[Node]:
    """Run a node that begins with an empty canvas."""
    bus, hearer = world.node(), Hearer()
    bus.attach(hearer)
    async with running(bus.run()) as (task,):
        yield Node(bus, hearer, task)


@asynccontextmanager
async def live(world: BusWorld) -> AsyncIterator[Node]:
    async with running(world.leader().run()), following(world) as node:
        await eventually(lambda: node.hearer.modes[-1:] == [Mode.LIVE])
        yield node


async def test_commands_go_there_and_batches_and_verdicts_come_back(world: BusWorld) -> None:
    """[DIST-1]"""
    async with live(world) as one, following(world) as other:
        await eventually(lambda: other.hearer.modes[-1:] == [Mode.LIVE])
        one.place(1, 2)
        other.place(1001)
        await eventually(lambda: len(one.hearer.answers) == 2 and len(other.hearer.answers) == 1)
        assert all(isinstance(v, Accepted) for v in [*one.hearer.answers.values(), *other.hearer.answers.values()])
        await eventually(lambda: other.hearer.batch_number == one.hearer.batch_number == world.log._head[0])
        assert one.hearer.batches == other.hearer.batches == await read_all(world.log)


async def test_it_is_degraded_until_somebody_leads(world: BusWorld) -> None:
    """[DIST-5] And says so from the beginning; what is asked meanwhile is refused at once, and never sent."""
    async with following(world) as node:
        await eventually(lambda: node.hearer.modes)
        assert node.hearer.modes == [Mode.DEGRADED]
        node.place(1)
        assert node.hearer.answers == {1: UNAVAILABLE}
        async with running(world.leader().run()):
            await eventually(lambda: node.hearer.modes == [Mode.DEGRADED, Mode.LIVE])
            node.place(2)
            await eventually(lambda: 2 in node.hearer.answers)
    assert [pixel.request for batch in await read_all(world.log) for pixel in batch.pixels()] == [2]


async def test_silence_degrades(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-5] A leader that gives no sign of life is none."""
    monkeypatch.setattr(module, "SILENCE_MS", 700)
    async with following(world) as node:
        async with running(world.leader().run()):
            await eventually(lambda: node.hearer.modes[-1:] == [Mode.LIVE])
        await eventually(lambda: node.hearer.modes[-1] is Mode.DEGRADED)


async def test_what_was_sent_stays_open_until_its_verdict_comes(
    world: BusWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-10] Nobody is told `unavailable` of what may come true; a repeat waits with the first."""
    monkeypatch.setattr(module, "SILENCE_MS", 700)
    async with following(world) as node:
        async with running(world.leader().run()):
            await eventually(lambda: node.hearer.modes[-1:] == [Mode.LIVE])
        node.place(1)
        await eventually(lambda: world.redis.do("EXISTS", "pixels:{main}:inbox"))
        await eventually(lambda: node.hearer.modes[-1] is Mode.DEGRADED)
        node.place(1, 2)
        assert node.hearer.answers == {2: UNAVAILABLE}
        async with running(world.leader().run()):
            await eventually(lambda: node.hearer.answers.get(1) == Accepted(1))


async def test_a_new_socket_may_be_repeating(world: BusWorld) -> None:
    """[DIST-10] What it had said on another node; what it says later is refused while the canvas is degraded."""
    async with following(world) as node:
        await eventually(lambda: node.hearer.modes)
        new, old = make_connection(FakeSocket()), make_connection(FakeSocket())
        new.opened = SteadyClock().now()
        node.bus.submit(new, pixel(1))
        node.bus.submit(old, pixel(2))
        new.opened -= module.REPEATING_MS + 1
        node.bus.submit(new, pixel(1))  # five seconds later, for it has no answer yet
        node.bus.submit(new, pixel(3))
        assert node.hearer.answers == {2: UNAVAILABLE, 3: UNAVAILABLE}
        async with running(world.leader().run()):
            await eventually(lambda: node.hearer.answers.get(1) == Accepted(1))


async def test_what_waits_to_be_sent_is_refused_without_redis(own_redis: RedisServer) -> None:
    """[DIST-5] It is known that it did not arrive; and afterwards all goes on by itself."""
    async with bus_world(own_redis) as world, live(world) as node:
        await asyncio.to_thread(own_redis.kill)
        node.place(*range(3 * MAX_ENTRY))
        await eventually(lambda: node.hearer.modes[-1] is Mode.DEGRADED)
        refused = [request for request, verdict in node.hearer.answers.items() if verdict == UNAVAILABLE]
        assert len(refused) >= 2 * MAX_ENTRY, "at most the entry on its way stays open"
        await asyncio.to_thread(own_redis.start)
        await eventually(lambda: node.hearer.modes[-1] is Mode.LIVE)
        node.place(1000)
        await eventually(lambda: isinstance(node.hearer.answers.get(1000), Accepted))


async def test_a_gap_is_filled_from_the_log(world: BusWorld) -> None:
    """[DIST-4] [STR-2] Whatever the outbox forgot."""
    async with live(world) as node:
        node.place(1)
        await eventually(lambda: node.hearer.batch_number == 1)
        node.hearer.batch_number = 0
        node.hearer.batches.clear()
        await eventually(lambda: node.hearer.batch_number == 1)
        assert node.hearer.behind[-2:] == [True, False]


async def test_an_outbox_that_begins_anew_with_smaller_ids_is_followed(world: BusWorld) -> None:
    """[DIST-4] As after a flush on a Redis whose clock was set back."""
    async with following(world) as node:
        await eventually(lambda: node.hearer.behind[-1:] == [False])
        world.redis.do("XADD", "pixels:{main}:outbox", "9999999999999-0", "h", "0")
        await eventually(lambda: node.hearer.modes[-1:] == [Mode.LIVE])
        await asyncio.to_thread(world.redis.flush)
        await world.log.append(make_batch(1))
        world.redis.do("XADD", "pixels:{main}:outbox", "5-0", "h", "1")
        await eventually(lambda: node.hearer.batch_number == 1)


async def test_it_stays_behind_until_the_log_can_be_read(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-11] And tries again."""
    failing = True
    read = world.log.read

    async def fail(after: int) -> AsyncIterator[object]:
        if failing:
            raise StoreUnavailable
        async for batch in read(after):
            yield batch

    monkeypatch.setattr(world.log, "read", fail)
    async with following(world) as node:
        await eventually(lambda: node.hearer.behind)
        await asyncio.sleep(1)
        assert set(node.hearer.behind) == {True}
        await world.log.append(make_batch(1))
        failing = False
        await eventually(lambda: node.hearer.behind[-1] is False)
        assert node.hearer.batch_number == 1


async def test_a_node_that_the_log_has_overtaken_ends(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-9] What it lacks was pruned; started again, it begins with a snapshot."""

    async def pruned(_after: int) -> AsyncIterator[object]:
        yield make_batch(7)

    monkeypatch.setattr(world.log, "read", pruned)
    async with following(world) as node:
        with pytest.raises(StoreCorrupt, match="goes on with batch 7"):
            await asyncio.wait_for(node.task, 5)


async def test_a_node_that_finds_another_log_on_the_bus_takes_nothing(
    world: BusWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-16] It is degraded, its hub gets no foreign batch, and it goes on when the others are gone."""
    monkeypatch.setattr(module, "CLAIM_AGAIN_MS", 0)
    async with live(world) as node:
        node.place(1)
        await eventually(lambda: node.hearer.answers == {1: Accepted(1)})
        await eventually(lambda: node.hearer.batch_number == 1)
        world.redis.do("SET", "pixels:{main}:log", "another epoch")
        await eventually(lambda: node.hearer.modes[-1] is Mode.DEGRADED)
        world.redis.do("XADD", "pixels:{main}:outbox", "*", "b", pack_batch(make_batch(2)))
        await asyncio.sleep(0.5)
        assert node.hearer.batch_number == 1
        world.redis.do("DEL", "pixels:{main}:log")
        await eventually(lambda: node.hearer.modes[-1] is Mode.LIVE)


async def test_an_error_that_is_none_of_ours_ends_it(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-9] Loudly, and with it everything that runs beside."""
    monkeypatch.setattr(module, "PRESENCE_S", 0.1)
    async with following(world) as node:

        def broken(_sockets: int) -> None:
            raise ZeroDivisionError

        node.hearer.on_online = broken  # type: ignore[method-assign,assignment]
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(node.task, 10)


async def test_entries_that_make_no_sense_are_survived(world: BusWorld) -> None:
    async with live(world) as node:
        world.redis.do("XADD", "pixels:{main}:outbox", "*", "x", "y")
        world.redis.do("XADD", "pixels:{main}:outbox", "*", "b", "nonsense")
        world.redis.do("XADD", f"pixels:{{main}}:replies:{node.bus._node}", "*", "v", "nonsense")
        await asyncio.sleep(0.5)
        await eventually(lambda: node.hearer.modes[-1] is Mode.LIVE)
        node.place(1)
        await eventually(lambda: node.hearer.answers.get(1) == Accepted(1))


async def test_it_counts_the_sockets_of_all_nodes(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-12] Also of those that stop."""
    monkeypatch.setattr(module, "PRESENCE_S", 0.1)
    async with following(world) as one:
        async with following(world) as other:
            await eventually(lambda: one.hearer.online[-1:] == [6] and other.hearer.online[-1:] == [6])
        await other.bus.leave()
        await eventually(lambda: one.hearer.online[-1] == 3)


async def test_too_many_open_commands_are_refused(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OPEN", 2)
    async with live(world) as node:
        node.place(1, 2, 3)
        assert node.hearer.answers == {3: UNAVAILABLE}
        await eventually(lambda: len(node.hearer.answers) == 3)


async def test_before_it_stops_it_waits_for_verdicts_for_a_while(
    world: BusWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(world) as node:
        node.place(1)
        await node.bus.settled()
        assert node.hearer.answers == {1: Accepted(1)}
    monkeypatch.setattr(module, "SETTLE_S", 0.1)
    async with following(world) as node:
        node.bus._mode = Mode.LIVE
        node.place(1)
        await asyncio.wait_for(node.bus.settled(), 2)
        assert not node.hearer.answers
