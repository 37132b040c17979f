"""The contract of PixelRecords."""

from __future__ import annotations

from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import PixelRecord, Totals
from pixels_core.rules.events import EventBatch
from tests.contract.store_contract import Harness, Store
from tests.support.builders import (
    T0,
    append_all,
    make_batch,
    make_pixel,
    make_state,
    one_of_each,
)


async def test_nobody_placed_yet(store: Store) -> None:
    assert await store.record(5) is None
    assert await store.history(5, 10) == []
    assert await store.totals(3) == Totals(0, 0, ())


async def test_a_record_is_the_newest_placement(store: Store) -> None:
    """[REC-1] Colour, time, user and seq of the change that stands."""
    await append_all(store, [make_batch(1, cell=3, color=1), make_batch(2, cell=3, color=2, user="bob")])
    assert await store.record(3) == PixelRecord(3, 2, T0 + 2000, "bob", 2)
    assert await store.record(4) is None


async def test_the_last_of_a_batch_wins(store: Store) -> None:
    """[REC-1] [REC-2] A cell painted twice in one commit has the later placement, and both in its history."""
    first, second = make_pixel(1, cell=3, color=1, user="bob"), make_pixel(2, cell=3, color=0, time=T0 + 1)
    await store.append(EventBatch(1, (first, second)))
    assert await store.record(3) == PixelRecord(3, 0, T0 + 1, "ada", 2)
    assert [record.seq for record in await store.history(3, 10)] == [2, 1]


async def test_history_is_newest_first_and_limited(store: Store) -> None:
    batches = [make_batch(number, cell=number % 2, color=number) for number in range(1, 10)]
    await append_all(store, batches)
    assert [record.color for record in await store.history(1, 10)] == [9, 7, 5, 3, 1]
    assert [record.color for record in await store.history(1, 2)] == [9, 7]
    assert await store.history(1, 0) == []
    assert {record.cell for record in await store.history(1, 10)} == {1}


async def test_a_long_history_is_kept_as_far_as_the_store_says(harness: Harness) -> None:
    """[REC-1] A store may keep the last 16 placements of a cell instead of all, and those are the newest."""
    batches = [make_batch(number, cell=3, color=number) for number in range(1, 41)]
    async with harness.opened() as store:
        await append_all(store, batches)
        colors = [record.color for record in await store.history(3, 100)]
    assert colors == [*range(40, 0, -1)][: len(colors)]
    assert len(colors) >= (harness.history_kept or 40)


async def test_moderation_is_no_placement(store: Store) -> None:
    await store.append(EventBatch(1, one_of_each()))
    assert await store.totals(5) == Totals(1, 1, (("ada", 1),))
    assert await store.record(0) is None
    assert await store.record(191) == PixelRecord(191, 247, T0 + 7, "ada", 8)


async def test_totals_rank_by_placements_then_by_user(store: Store) -> None:
    counts = {"carol": 2, "bob": 2, "dave": 1, "ada": 3}
    seq = 1
    for number, (user, count) in enumerate(counts.items(), 1):
        await store.append(make_batch(number, seq, count=count, user=user))
        seq += count
    ranking = (("ada", 3), ("bob", 2), ("carol", 2), ("dave", 1))
    assert await store.totals(9) == Totals(8, 4, ranking)
    assert await store.totals(2) == Totals(8, 4, ranking[:2])
    assert await store.totals(0) == Totals(8, 4, ())


async def test_records_outlive_a_restart(harness: Harness) -> None:
    """[REC-1] They are as durable as the log."""
    async with harness.opened() as store:
        await store.append(make_batch(1, count=3))
        before = [await store.record(cell) for cell in range(4)], await store.totals(1)
    async with harness.opened() as store:
        assert ([await store.record(cell) for cell in range(4)], await store.totals(1)) == before


async def test_pruning_shortens_history_and_nothing_else(store: Store) -> None:
    """[REC-1] History reaches as far back as the log; records and totals stay whole."""
    batches = [make_batch(number, cell=number % 2, color=number) for number in range(1, 6)]
    await append_all(store, batches)
    record, totals = await store.record(0), await store.totals(5)
    await store.save_snapshot(4, pack_snapshot(make_state(4)))
    assert await store.prune(T0 + 60_000) == 4
    assert [entry.seq for entry in await store.history(1, 10)] == [5]
    assert await store.history(0, 10) == []
    assert (await store.record(0), await store.totals(5)) == (record, totals)
    await store.append(make_batch(6, cell=0))
    assert [entry.seq for entry in await store.history(0, 10)] == [6]
