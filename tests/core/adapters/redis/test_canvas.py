"""A canvas as an API process sees it, over a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.adapters.redis import canvas as module
from pixels_core.adapters.redis.bus import START, RedisBus
from pixels_core.adapters.redis.canvas import RedisCanvas
from pixels_core.errors import BusUnavailable, ConfigurationError, StoreUnavailable
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.protocol.messages import Mode, Role
from pixels_core.rules.commands import Actor, PostNotice
from pixels_core.rules.effects import Accepted
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import DEFAULT_LIMITS
from tests.support.builders import IDENTITY, T0, append_all, make_batch, make_state

NOTICE = PostNotice(actor=Actor(user="mod", role=Role.MODERATOR), text="Hello")


@pytest.fixture
async def bus(redis: RedisServer) -> AsyncIterator[RedisBus]:
    bus = RedisBus.connect(redis.url, IDENTITY.canvas)
    yield bus
    await bus.close()


@pytest.fixture
async def log() -> MemoryStore:
    log = MemoryStore(IDENTITY)
    await append_all(log, [make_batch(number) for number in (1, 2, 3)])
    return log


@pytest.fixture
def canvas(log: MemoryStore, bus: RedisBus) -> RedisCanvas:
    return RedisCanvas(log, bus, SystemClock(), DEFAULT_LIMITS)


async def test_it_follows_the_log(canvas: RedisCanvas, log: MemoryStore) -> None:
    """[SEQ-2] What is not in the log is in no answer; what is in it, is in the next."""
    with pytest.raises(StoreUnavailable):
        _ = canvas.state
    assert canvas.placed_since(0) == 0
    await canvas.refresh()
    assert canvas.state.seq == 3
    await log.append(make_batch(4))
    await asyncio.gather(*(canvas.refresh() for _ in range(5)))
    assert canvas.state.seq == 4
    assert canvas.placed_since(0) == 1, "the others are long past"


async def test_it_starts_from_the_snapshot_on_the_bus(log: MemoryStore, bus: RedisBus) -> None:
    state = make_state(0)
    for number in (1, 2, 3):
        state.apply_batch(make_batch(number))
    await bus.save_snapshot(state.seq, pack_snapshot(state))
    await log.append(make_batch(4))
    read = log.read
    starts: list[int] = []

    def noted(after: int) -> object:
        starts.append(after)
        return read(after)

    log.read = noted  # type: ignore[method-assign,assignment]
    canvas = RedisCanvas(log, bus, SystemClock(), DEFAULT_LIMITS)
    await canvas.refresh()
    assert canvas.state.seq == 4
    assert starts == [2, 3], "it makes sure that the log has the snapshot's last batch"


@pytest.mark.parametrize("last", [3, 5])
async def test_a_snapshot_of_what_a_restored_log_does_not_have_is_not_used(
    canvas: RedisCanvas, bus: RedisBus, last: int
) -> None:
    """[DIST-4] [SYNC-1] The log went back to an earlier moment, and perhaps on from there; the bus forgot nothing."""
    state = make_state(0)
    for number in range(1, last + 1):
        state.apply_batch(make_batch(number, color=7, time=T0 + 1000 * number + 1))
    await bus.save_snapshot(state.seq, pack_snapshot(state))
    await canvas.refresh()
    assert canvas.state.seq == 3
    assert canvas.state.canvas.get(0) == 1


@pytest.mark.parametrize("data", [b"", b"nonsense", pack_snapshot(make_state(0))[:-1]])
async def test_a_snapshot_that_is_damaged_is_not_used(canvas: RedisCanvas, bus: RedisBus, data: bytes) -> None:
    """[LOG-4] [DIST-4]"""
    await bus.save_snapshot(9, data)
    await canvas.refresh()
    assert canvas.state.seq == 3


async def test_the_log_may_forget_what_it_has_not_read(canvas: RedisCanvas, log: MemoryStore) -> None:
    """[LOG-6] It begins again with a snapshot then."""
    await canvas.refresh()
    state = make_state(0)
    for number in (1, 2, 3, 4, 5):
        state.apply_batch(make_batch(number))
    await append_all(log, [make_batch(4), make_batch(5), make_batch(6)])
    await log.save_snapshot(5, pack_snapshot(state))
    del log._entries[4], log._entries[5]
    for number in (1, 2, 3):
        del log._entries[number]
    await canvas.refresh()
    assert canvas.state.seq == 6


async def test_commands_get_their_verdict(canvas: RedisCanvas, bus: RedisBus) -> None:
    lease = bus.lease("leader", 5_000)
    assert await lease.acquire()
    asking = asyncio.create_task(canvas.execute(NOTICE))
    (entry,) = await bus.read_inbox(START, 1, 900)
    assert entry.commands == [(1, NOTICE)]
    await bus.publish(lease, None, {entry.node: [(1, Accepted(4))]}, entry.position)
    assert await asking == Accepted(4)
    assert (await bus.read_replies(entry.node, START, 20))[1] == []


async def test_a_command_that_nobody_answers(canvas: RedisCanvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-5] The asker is told that it may have been done."""
    monkeypatch.setattr(module, "REPLY_SECONDS", 0.1)
    monkeypatch.setattr(module, "_BLOCK_MS", 20)
    with pytest.raises(BusUnavailable, match="look before you repeat it"):
        await canvas.execute(NOTICE)


async def test_mode_and_people(canvas: RedisCanvas, bus: RedisBus, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-12] As of a moment ago."""
    monkeypatch.setattr(module, "PRESENCE_TTL_MS", -1)
    await canvas.refresh()
    assert (canvas.mode, canvas.online) == (Mode.DEGRADED, 0)
    assert await bus.lease("leader", 5_000).acquire()
    await bus.report_online("a", 3)
    await canvas.refresh()
    assert (canvas.mode, canvas.online) == (Mode.LIVE, 3)


async def test_a_bus_of_another_log_is_not_written_to(
    canvas: RedisCanvas, bus: RedisBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-16] A command there would change another canvas."""
    monkeypatch.setattr(module, "PRESENCE_TTL_MS", -1)
    assert await bus.lease("leader", 5_000).acquire()
    await bus.claim("another epoch")
    await canvas.refresh()
    assert (canvas.state.seq, canvas.mode) == (3, Mode.DEGRADED)
    with pytest.raises(ConfigurationError, match="another log"):
        await canvas.execute(NOTICE)
    assert await bus.read_inbox(START, 1, 0) == []


async def test_without_redis_it_can_be_looked_at(own_redis: RedisServer, log: MemoryStore) -> None:
    """[DIST-5] But not changed."""
    bus = RedisBus.connect(own_redis.url, IDENTITY.canvas)
    await asyncio.to_thread(own_redis.kill)
    canvas = RedisCanvas(log, bus, SystemClock(), DEFAULT_LIMITS)
    await canvas.refresh()
    assert canvas.state.seq == 3
    assert canvas.mode is Mode.DEGRADED
    with pytest.raises(BusUnavailable):
        await canvas.execute(NOTICE)
    await bus.close()


async def test_without_the_log_it_is_shown_as_it_was(
    canvas: RedisCanvas, bus: RedisBus, log: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-5] [API-1] Marked as degraded, and one request in a while finds out; whoever knows nothing says so."""
    assert await bus.lease("leader", 5_000).acquire()
    await canvas.refresh()
    assert canvas.mode is Mode.LIVE
    read, tried = log.read, 0

    async def fail(_after: int) -> AsyncIterator[EventBatch]:
        nonlocal tried
        tried += 1
        raise tried_and_failed
        yield

    monkeypatch.setattr(log, "read", fail)
    for tried_and_failed in (StoreUnavailable("away"), ConfigurationError("expired")):
        tried = 0
        await asyncio.gather(*(canvas.refresh() for _ in range(9)))
        assert (tried, canvas.state.seq, canvas.mode) == (1, 3, Mode.DEGRADED)
        with pytest.raises(type(tried_and_failed)):
            await RedisCanvas(log, bus, SystemClock(), DEFAULT_LIMITS).refresh()
        canvas._try_again = 0
    monkeypatch.setattr(log, "read", read)
    await log.append(make_batch(4))
    await canvas.refresh()
    assert (canvas.state.seq, canvas.mode) == (4, Mode.LIVE)


async def test_a_bus_that_refuses_us_is_no_reason_not_to_show_the_canvas(
    own_redis: RedisServer, log: MemoryStore
) -> None:
    """[DIST-5] Somebody changed the password."""
    bus = RedisBus.connect(own_redis.url, IDENTITY.canvas)
    own_redis.do("CONFIG", "SET", "requirepass", "tea")
    canvas = RedisCanvas(log, bus, SystemClock(), DEFAULT_LIMITS)
    await canvas.refresh()
    assert (canvas.state.seq, canvas.mode) == (3, Mode.DEGRADED)
    with pytest.raises(ConfigurationError):
        await canvas.execute(NOTICE)
    await bus.close()
