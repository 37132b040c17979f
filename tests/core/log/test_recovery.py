from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import StoreCorrupt
from pixels_core.log.recovery import recover
from pixels_core.log.snapshot_codec import pack_snapshot, unpack_snapshot
from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasIdentity, CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    History,
    append_all,
    make_batch,
    make_state,
    random_history,
)


class LossyStore(MemoryStore):
    """A store that has lost one batch."""

    lost = 0

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        async for batch in super().read(after):
            if batch.number != self.lost:
                yield batch


def state_after(history: History, count: int) -> CanvasState:
    state = CanvasState(IDENTITY)
    for batch in history.batches[:count]:
        state.apply_batch(batch)
    return state


async def filled(history: History) -> MemoryStore:
    store = MemoryStore(IDENTITY)
    await append_all(store, history.batches)
    return store


async def test_an_empty_log_gives_an_empty_canvas() -> None:
    recovered = await recover(MemoryStore(IDENTITY), T0)
    assert pack_snapshot(recovered.state) == pack_snapshot(CanvasState(IDENTITY))
    assert recovered.recent == []


async def test_the_whole_log_gives_the_engines_state() -> None:
    """[LOG-3] A replay from the first batch ends in the same bytes."""
    history = random_history(2)
    recovered = await recover(await filled(history), history.state.time)
    assert pack_snapshot(recovered.state) == pack_snapshot(history.state)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
async def test_a_snapshot_and_the_rest_give_the_same(share: float) -> None:
    """[LOG-4] A snapshot is a shortcut: it changes nothing."""
    history = random_history(3)
    store = await filled(history)
    count = round(share * len(history.batches))
    await store.save_snapshot(count, pack_snapshot(state_after(history, count)))
    recovered = await recover(store, history.state.time)
    assert pack_snapshot(recovered.state) == pack_snapshot(history.state)
    assert recovered.recent == history.batches


async def test_a_damaged_newest_snapshot_is_skipped() -> None:
    """[LOG-4] The older one and a longer replay give the same state, even where the log before it was pruned."""
    history = random_history(4)
    store = await filled(history)
    good, bad = pack_snapshot(state_after(history, 5)), pack_snapshot(state_after(history, 10))
    await store.save_snapshot(5, good)
    await store.save_snapshot(10, bad[:-1] + bytes([bad[-1] ^ 1]))
    assert await store.prune(history.state.time) == 5
    assert pack_snapshot((await recover(store, history.state.time)).state) == pack_snapshot(history.state)


async def test_without_any_whole_snapshot_the_log_is_replayed() -> None:
    """[LOG-4] Two damaged snapshots cost time, nothing else."""
    history = random_history(4)
    store = await filled(history)
    await store.save_snapshot(5, b"")
    await store.save_snapshot(10, b"PXS1")
    assert pack_snapshot((await recover(store, history.state.time)).state) == pack_snapshot(history.state)


@pytest.mark.parametrize(
    "identity", [CanvasIdentity("other", IDENTITY.epoch, SMALL), CanvasIdentity("main", "another epoch", SMALL)]
)
async def test_a_snapshot_of_another_log_is_skipped(identity: CanvasIdentity) -> None:
    history = random_history(5)
    store = await filled(history)
    stranger = unpack_snapshot(pack_snapshot(history.state))
    stranger.identity = identity
    await store.save_snapshot(3, pack_snapshot(stranger))
    assert pack_snapshot((await recover(store, history.state.time)).state) == pack_snapshot(history.state)


@pytest.mark.parametrize("lost", [1, 3])
async def test_a_missing_batch_is_reported(lost: int) -> None:
    """[LOG-5] A log with a hole gives no state at all."""
    store = LossyStore(IDENTITY)
    await append_all(store, [make_batch(number) for number in range(1, 6)])
    store.lost = lost
    with pytest.raises(StoreCorrupt, match="does not follow"):
        await recover(store, T0)


async def test_a_log_pruned_below_lost_snapshots_is_reported() -> None:
    """[LOG-5] Better no canvas than an empty one in the place of a full one."""
    store = MemoryStore(IDENTITY)
    await append_all(store, [make_batch(number, cell=number % 7, color=number % 32) for number in range(1, 6)])
    await store.save_snapshot(5, pack_snapshot(make_state(5)))
    await store.prune(T0 + 60_000)
    await store.save_snapshot(5, b"damaged")
    with pytest.raises(StoreCorrupt, match="does not follow batch 0"):
        await recover(store, T0 + 60_000)


async def test_recent_batches_are_those_of_the_retained_window() -> None:
    store = MemoryStore(IDENTITY)
    batches = [make_batch(number, time=T0 + number * 60_000) for number in range(1, 31)]
    await append_all(store, batches)
    recovered = await recover(store, now=T0 + 30 * 60_000)
    assert recovered.recent == batches[30 - RETAINED_MS // 60_000 - 1 :]
    assert recovered.state.batch_number == 30


async def test_recent_batches_reach_back_before_the_snapshot() -> None:
    """The idempotency index and the retained window need them although the snapshot has their outcome."""
    store = MemoryStore(IDENTITY)
    batches = [make_batch(number, cell=number % SMALL.cells, color=number % 32) for number in range(1, 6)]
    await append_all(store, batches)
    await store.save_snapshot(5, pack_snapshot(make_state(5)))
    recovered = await recover(store, now=T0 + 6000)
    assert recovered.recent == batches
    assert pack_snapshot(recovered.state) == pack_snapshot(make_state(5))


async def test_an_old_log_has_nothing_recent() -> None:
    store = MemoryStore(IDENTITY)
    await append_all(store, [make_batch(number) for number in range(1, 6)])
    recovered = await recover(store, now=T0 + 24 * 3_600_000)
    assert recovered.recent == []
    assert recovered.state.seq == 5


async def test_default_limits_are_the_hosts() -> None:
    host = Limits(RateLimit(1, 5), RateLimit(10, 50))
    store = MemoryStore(IDENTITY)
    assert (await recover(store, T0, host)).state.limits == host
    await store.append(make_batch(1, cell=1, color=1))
    await store.save_snapshot(1, pack_snapshot(make_state(1)))
    assert (await recover(store, T0, host)).state.limits == host


async def test_a_cooldown_is_not_refilled_by_a_restart() -> None:
    """[PLACE-3] As far back as an empty bucket takes to fill, though that is longer than ten minutes."""
    slow = Limits(RateLimit.cooldown(seconds=30, stack=60), RateLimit(100, 1000))
    store = MemoryStore(IDENTITY)
    for number in range(1, 61):
        await store.append(make_batch(number, cell=number, time=T0))
    for minutes, tokens in ((0, 0), (11, 22), (30, 60)):
        now = T0 + minutes * 60_000
        recovered = await recover(store, now, slow)
        assert Engine(recovered.state, recovered.recent).tokens("ada", now) == pytest.approx(tokens)
