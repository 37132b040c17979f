"""The contract of EventLog."""

from __future__ import annotations

import asyncio

import pytest

from pixels_core.errors import BatchConflict
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.events import EventBatch
from tests.contract.store_contract import Harness, Store
from tests.support.builders import (
    IDENTITY,
    T0,
    append_all,
    make_batch,
    make_state,
    one_of_each,
    read_all,
)

FIVE = [make_batch(number, cell=number % IDENTITY.size.cells, color=number % 32) for number in range(1, 6)]
"""What `make_state(5)` is the state of; their times are T0 + 1 s to T0 + 5 s."""


async def test_an_empty_log_is_empty(store: Store) -> None:
    assert await read_all(store) == []
    assert await store.number_before(T0) == 0
    assert await store.snapshots() == []
    assert await store.prune(T0) == 0
    assert store.identity == IDENTITY


async def test_batches_are_read_in_order(store: Store) -> None:
    await append_all(store, FIVE)
    assert await read_all(store) == FIVE
    assert await read_all(store, after=3) == FIVE[3:]
    assert await read_all(store, after=5) == []


async def test_a_long_log_is_read_whole(store: Store) -> None:
    batches = [make_batch(number) for number in range(1, 300)]
    await append_all(store, batches)
    assert await read_all(store) == batches
    assert await read_all(store, after=100) == batches[100:]


async def test_a_log_is_taken_over_at_its_head(store: Store) -> None:
    """[DIST-13] Whoever has not read the newest batch is told; the one that has goes on."""
    await store.fence(0)
    await append_all(store, FIVE[:2])
    for number in (0, 1, 3):
        with pytest.raises(BatchConflict):
            await store.fence(number)
    assert await read_all(store) == FIVE[:2]
    await store.fence(2)
    await store.fence(2)
    assert await read_all(store) == FIVE[:2]
    await append_all(store, FIVE[2:])
    assert await read_all(store) == FIVE


async def test_reading_can_stop_early(store: Store) -> None:
    await append_all(store, FIVE)
    async for batch in store.read(0):
        assert batch == FIVE[0]
        break


async def test_every_kind_of_event_is_kept(store: Store) -> None:
    """Moderation is in the log like everything else."""
    batch = EventBatch(1, one_of_each())
    await store.append(batch)
    assert await read_all(store) == [batch]


async def test_a_reopened_log_is_the_same(harness: Harness) -> None:
    """[LOG-1] What was appended is there after a restart, and the next batch follows it."""
    async with harness.opened() as store:
        await append_all(store, FIVE[:4])
        await store.save_snapshot(4, b"snapshot")
    async with harness.opened() as store:
        assert store.identity == IDENTITY
        assert await read_all(store) == FIVE[:4]
        assert await store.snapshots() == [b"snapshot"]
        await store.append(FIVE[4])
        assert await read_all(store) == FIVE


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param(make_batch(3), id="the head's number"),
        pytest.param(make_batch(1), id="an old number"),
        pytest.param(make_batch(5), id="a gap in numbers"),
        pytest.param(make_batch(4, first_seq=5), id="a gap in seqs"),
        pytest.param(make_batch(4, first_seq=3), id="a seq twice"),
        pytest.param(make_batch(3, first_seq=4), id="the head's number with the next seq"),
    ],
)
async def test_a_batch_that_does_not_follow_is_refused(store: Store, batch: EventBatch) -> None:
    """[LOG-2] A conflict changes nothing: not the log, not the records, not the counters."""
    await append_all(store, FIVE[:3])
    before = (await read_all(store), await store.record(0), await store.totals(9))
    with pytest.raises(BatchConflict):
        await store.append(batch)
    assert (await read_all(store), await store.record(0), await store.totals(9)) == before
    await store.append(FIVE[3])
    assert await read_all(store) == FIVE[:4]


async def test_the_first_batch_is_number_one_from_seq_one(store: Store) -> None:
    """[LOG-2] An empty log has a head too: number 0, seq 0."""
    for batch in (make_batch(0, first_seq=1), make_batch(2, first_seq=1), make_batch(1, first_seq=2)):
        with pytest.raises(BatchConflict):
            await store.append(batch)
    assert await read_all(store) == []


async def test_of_two_writers_exactly_one_wins(store: Store) -> None:
    """[LOG-2] The same number at the same time: one is in the log, the others are told."""
    await append_all(store, FIVE[:2])
    rivals = [make_batch(3, user=f"rival-{i}", cell=i) for i in range(8)]
    outcomes = await asyncio.gather(*map(store.append, rivals), return_exceptions=True)
    winners = [rival for rival, outcome in zip(rivals, outcomes, strict=True) if outcome is None]
    assert len(winners) == 1
    assert [type(outcome) for outcome in outcomes].count(BatchConflict) == 7
    assert await read_all(store, after=2) == winners
    assert (await store.totals(1)).placements == 3


async def test_only_the_two_newest_snapshots_are_kept(store: Store) -> None:
    for number in (2, 7, 5, 1, 9):
        await store.save_snapshot(number, b"after %d" % number)
    assert await store.snapshots() == [b"after 9", b"after 7"]


async def test_a_snapshot_can_be_saved_again(store: Store) -> None:
    await store.save_snapshot(2, b"first")
    await store.save_snapshot(2, b"second")
    assert await store.snapshots() == [b"second"]


async def test_a_large_snapshot_is_kept_whole(store: Store) -> None:
    """Stores that limit the size of an item have to split it."""
    data = bytes(range(256)) * 4096
    await store.save_snapshot(1, data)
    assert await store.snapshots() == [data]


async def test_number_before_a_time(store: Store) -> None:
    await append_all(store, FIVE)
    times = [T0, T0 + 1000, T0 + 1001, T0 + 3000, T0 + 5000, T0 + 5001]
    assert [await store.number_before(time) for time in times] == [0, 0, 1, 2, 4, 5]


async def test_number_before_is_the_newest_of_equal_times(store: Store) -> None:
    await append_all(store, [make_batch(1, time=T0), make_batch(2, time=T0), make_batch(3, time=T0 + 1)])
    assert await store.number_before(T0 + 1) == 2


async def test_pruning_without_a_snapshot_forgets_nothing(store: Store) -> None:
    """[LOG-6] Without a snapshot the log is all there is."""
    await append_all(store, FIVE)
    assert await store.prune(T0 + 60_000) == 0
    assert await read_all(store) == FIVE


async def test_pruning_stops_at_the_oldest_snapshot(store: Store) -> None:
    """[LOG-6] Both kept snapshots stay good for a recovery."""
    await append_all(store, FIVE)
    await store.save_snapshot(2, pack_snapshot(make_state(2)))
    await store.save_snapshot(4, pack_snapshot(make_state(4)))
    assert await store.prune(T0 + 60_000) == 2
    assert await read_all(store) == FIVE[2:]
    assert await store.number_before(T0) == 2
    assert await store.prune(T0 + 60_000) == 0


async def test_pruning_stops_at_the_time(store: Store) -> None:
    """[LOG-6] A batch of exactly that time is not older than it."""
    await append_all(store, FIVE)
    await store.save_snapshot(5, pack_snapshot(make_state(5)))
    assert await store.prune(T0 + 3000) == 2
    assert await read_all(store) == FIVE[2:]


async def test_pruning_leaves_the_head(harness: Harness) -> None:
    """[LOG-6] [LOG-2] The next batch has something to follow, also after a restart."""
    async with harness.opened() as store:
        await append_all(store, FIVE[:4])
        await store.save_snapshot(4, pack_snapshot(make_state(4)))
        assert await store.prune(T0 + 60_000) == 3
    async with harness.opened() as store:
        with pytest.raises(BatchConflict):
            await store.append(FIVE[3])
        await store.append(FIVE[4])
        assert await read_all(store) == FIVE[3:]


@pytest.mark.parametrize("snapshot", [b"", b"damaged", pack_snapshot(make_state(3))[:-1]])
async def test_a_damaged_snapshot_covers_nothing(store: Store, snapshot: bytes) -> None:
    """[LOG-6] [LOG-4] Recovery would have to skip it."""
    await append_all(store, FIVE)
    await store.save_snapshot(3, snapshot)
    await store.save_snapshot(4, pack_snapshot(make_state(4)))
    assert await store.prune(T0 + 60_000) == 0


async def test_closing_twice_does_nothing(harness: Harness) -> None:
    store = await harness.open()
    await store.close()
    await store.close()
