"""The bus, on a real Redis."""

from __future__ import annotations

import asyncio

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.redis import bus as module
from pixels_core.adapters.redis.bus import START, Head, RedisBus
from pixels_core.adapters.redis.lease import Lease, LeaseLost
from pixels_core.errors import BusUnavailable, ConfigurationError
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.effects import Accepted
from tests.support.builders import make_batch

PLACE = PlacePixel(Actor(user="ada", role=Role.PAINTER), 1, 2, 3, 4)


@pytest.fixture
async def lease(bus: RedisBus) -> Lease:
    lease = bus.lease("leader", 5_000)
    assert await lease.acquire()
    return lease


@pytest.mark.parametrize(
    "rest",
    [
        "ada:tea#sugar@127.0.0.1/0",  # a password as it is, not as a URL needs it
        "ada:tea/sugar@127.0.0.1/0",
        "ada:tea@127.0.0.1:sugar/0",
        "ada:tea@[::1/0",
        "ada:tea@127.0.0.1/0?socket_timeout=sugar",
        "ada:tea@127.0.0.1/0?sugar=1",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(rest: str) -> None:
    with pytest.raises(ConfigurationError, match="PIXELS_REDIS_URL cannot be read") as caught:
        RedisBus.connect(f"redis://{rest}", "main")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert not any(secret in str(caught.value) for secret in ("tea", "sugar"))


async def test_a_bus_is_kept_for_one_log(
    bus: RedisBus, every_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-16] As long as any of its nodes is heard of; then it is free."""
    monkeypatch.setattr(module, "CLAIM_MS", 400)
    await bus.check_log("ours")
    await bus.claim("ours")
    for _ in range(4):
        await asyncio.sleep(0.15)
        await bus.claim("ours")
        await bus.check_log("ours")
        for refused in (bus.claim, bus.check_log):
            with pytest.raises(ConfigurationError, match="processes with another log"):
                await refused("theirs")
    assert 0 < every_redis.do("PTTL", "pixels:{main}:log") <= 400
    await asyncio.sleep(0.5)
    await bus.claim("theirs")


async def test_the_last_node_that_leaves_frees_the_bus(bus: RedisBus) -> None:
    """[DIST-16]"""
    await bus.claim("ours")
    await bus.report_online("a", 0)
    await bus.report_online("b", 0)
    await bus.leave("a")
    with pytest.raises(ConfigurationError):
        await bus.check_log("theirs")
    await bus.leave("b")
    await bus.claim("theirs")


async def test_commands_arrive_in_order(bus: RedisBus) -> None:
    for number in range(3):
        await bus.send_commands(f"n{number}", [(number, PLACE)])
    entries = await bus.read_inbox(START, 2, 0)
    assert [(entry.node, entry.commands) for entry in entries] == [(f"n{n}", [(n, PLACE)]) for n in range(2)]
    entries = await bus.read_inbox(entries[-1].position, 2, 0)
    assert [entry.node for entry in entries] == ["n2"]
    assert abs(bus.time_of(entries[0].position) - await bus.now()) < 5_000
    assert await bus.read_inbox(entries[-1].position, 2, 50) == []


async def test_reading_waits_for_what_comes(bus: RedisBus) -> None:
    waiting = asyncio.create_task(bus.read_inbox(START, 2, 900))
    await asyncio.sleep(0.1)
    await bus.send_commands("n", [(1, PLACE)])
    assert len(await waiting) == 1


async def test_a_batch_its_verdicts_and_the_position_are_published_at_once(bus: RedisBus, lease: Lease) -> None:
    await bus.send_commands("n", [(1, PLACE)])
    (entry,) = await bus.read_inbox(START, 1, 0)
    await bus.publish(lease, make_batch(1), {"n": [(1, Accepted(1))], "m": [(7, Accepted(1))]}, entry.position)
    assert await bus.position() == entry.position
    assert (await bus.read_outbox(START, 0))[1] == [make_batch(1)]
    position, verdicts = await bus.read_replies("n", START, 0)
    assert verdicts == [(1, Accepted(1))]
    assert await bus.read_replies("n", position, 20) == (position, [])
    await bus.forget_replies("n")
    assert (await bus.read_replies("n", START, 20))[1] == []
    assert (await bus.read_replies("m", START, 20))[1] == [(7, Accepted(1))]


async def test_which_verdicts_are_out_is_known(bus: RedisBus, lease: Lease, every_redis: RedisServer) -> None:
    """[DIST-7] Unless it was forgotten."""
    assert await bus.told() is None
    await bus.publish(lease, make_batch(3), {}, START)
    assert await bus.told() == 3
    await bus.publish(lease, None, {}, START, told=7)
    assert await bus.told() == 7
    every_redis.flush()
    assert await bus.told() is None


async def test_who_lost_the_lease_publishes_nothing(bus: RedisBus, lease: Lease, every_redis: RedisServer) -> None:
    """[DIST-2]"""
    every_redis.do("DEL", "pixels:{main}:lease")
    with pytest.raises(LeaseLost):
        await bus.publish(lease, make_batch(1), {"n": [(1, Accepted(1))]}, "1-1")
    assert await bus.position() == START
    assert await bus.outbox_end() == START
    assert (await bus.read_replies("n", START, 20))[1] == []


async def test_signs_of_life(bus: RedisBus) -> None:
    await bus.announce(7)
    end = await bus.outbox_end()
    assert (await bus.read_outbox(START, 0)) == (end, [Head(7)])
    assert not await bus.has_leader()


async def test_an_empty_bus(bus: RedisBus) -> None:
    assert await bus.position() == START
    assert await bus.outbox_end() == START
    assert await bus.snapshot(-1) is None
    assert await bus.online() == 0


async def test_a_stream_that_begins_anew_with_smaller_ids(bus: RedisBus, every_redis: RedisServer) -> None:
    """[DIST-4] Whoever waits behind its former end reads it from its beginning."""
    former = "9999999999999-5"
    for stream, *fields in (("inbox", "n", "n", "c", "[]"), ("outbox", "h", "1"), ("replies:n", "v", "[[1, 5]]")):
        every_redis.do("XADD", f"pixels:{{main}}:{stream}", "5-0", *fields)
    assert [entry.position for entry in await bus.read_inbox(former, 5, 20)] == ["5-0"]
    assert await bus.read_outbox(former, 20) == ("5-0", [Head(1)])
    assert await bus.read_replies("n", former, 20) == ("5-0", [(1, Accepted(5))])
    assert await bus.read_outbox("5-0", 20) == ("5-0", [])


async def test_an_outbox_entry_that_makes_no_sense(bus: RedisBus, every_redis: RedisServer) -> None:
    for fields in (("x", "y"), ("h", "many"), ("b", "nonsense")):
        every_redis.flush()
        every_redis.do("XADD", "pixels:{main}:outbox", "*", *fields)
        with pytest.raises(BusUnavailable, match="makes no sense"):
            await bus.read_outbox(START, 0)


async def test_snapshots_for_the_api(bus: RedisBus) -> None:
    await bus.save_snapshot(5, b"five")
    assert await bus.snapshot(4) == b"five"
    assert await bus.snapshot(5) is None
    await bus.save_snapshot(6, b"six")
    assert await bus.snapshot(5) == b"six"


async def test_people_online_on_all_nodes(
    bus: RedisBus, every_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-12] Nodes that stop, or are silent for a while, do not count, and are forgotten."""
    assert await bus.report_online("a", 3) == 3
    assert await bus.report_online("b", 4) == 7
    assert await bus.report_online("a", 2) == 6
    await bus.leave("b")
    assert await bus.online() == 2
    await bus.report_online("c", 1)
    monkeypatch.setattr(module, "PRESENCE_MS", 100)
    await asyncio.sleep(0.2)
    assert await bus.online() == 0
    assert await bus.report_online("d", 1) == 1
    assert every_redis.do("HLEN", "pixels:{main}:online") == 1
    assert every_redis.do("ZCARD", "pixels:{main}:nodes") == 1


async def test_a_canvas_has_keys_of_its_own(bus: RedisBus, every_redis: RedisServer) -> None:
    other = RedisBus.connect(every_redis.url, "other")
    await other.announce(1)
    assert await bus.outbox_end() == START
    await other.close()


async def test_what_nobody_reads_does_not_grow(bus: RedisBus, lease: Lease, every_redis: RedisServer) -> None:
    for number in range(300):
        await bus.send_commands("n", [(number, PLACE)])
    entries = await bus.read_inbox(START, 300, 0)
    await bus.publish(lease, None, {"n": [(1, Accepted(1))]}, entries[-1].position)
    assert every_redis.do("XLEN", "pixels:{main}:inbox") < 150, (
        "what is answered is let go, in whole nodes of the stream"
    )
    assert 0 < every_redis.do("PTTL", "pixels:{main}:replies:n") <= module.REPLIES_LIFE_MS
    assert (await bus.read_outbox(START, 20))[1] == []
