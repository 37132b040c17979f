"""Snapshots in chunks: whatever is interrupted, those that counted still do, and nothing is left behind."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.items import CHUNK_BYTES, Mark, key_of, mark_of
from pixels_core.adapters.dynamodb.requests import DynamoRequests
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.snapshots import DynamoSnapshots
from tests.support.dynamodb_faults import FaultyClient, Killed, KilledAt, Storm, faultless

LARGE = random.Random(1).randbytes(2 * CHUNK_BYTES + 1)
NONE = Mark()


def snapshots_on(client: Any, settings: DynamoSettings, fault: Any = faultless) -> DynamoSnapshots:
    return DynamoSnapshots(DynamoRequests(FaultyClient(client, fault), settings, random.Random(1)), "main")  # type: ignore[arg-type]


async def chunks_in(client: Any, table: str) -> list[str]:
    """Return the drafts that have chunks, once for each."""
    items = (await client.scan(TableName=table, ConsistentRead=True))["Items"]
    return [key_of(item)[0] for item in items if "data" in item]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, len(LARGE)])
async def test_any_size_is_kept_whole(table: DynamoSettings, size: int) -> None:
    async with connected(table) as client:
        snapshots = snapshots_on(client, table)
        await snapshots.save(1, LARGE[:size], NONE)
        assert await snapshots.load() == [LARGE[:size]]


async def test_chunks_of_dropped_snapshots_are_deleted(table: DynamoSettings) -> None:
    async with connected(table) as client:
        snapshots = snapshots_on(client, table)
        for number in range(1, 6):
            await snapshots.save(number, LARGE, NONE)
        assert len(set(await chunks_in(client, table.table))) <= 3  # the last one dropped goes with the next save
        await snapshots.save(5, b"again", NONE)
        assert await snapshots.load() == [b"again", LARGE]


@pytest.mark.parametrize("after", [False, True])
async def test_a_save_can_die_anywhere(table: DynamoSettings, after: bool) -> None:
    """[LOG-4] Between two chunks, before the catalogue: the snapshots from before are there, or the new one is."""
    async with connected(table) as client:
        whole = snapshots_on(client, table)
        await whole.save(1, LARGE, NONE)
        await whole.save(2, LARGE[::-1], NONE)
        for step in range(20):
            before = await whole.load()
            dying = KilledAt(step, after=after)
            new = b"%d" % step * CHUNK_BYTES
            try:
                await snapshots_on(client, table, dying).save(step + 3, new, NONE)
            except* Killed:
                pass
            assert await whole.load() in (before, [new, before[0]])
            if not dying.fired:
                break
            await whole.save(2, b"clean", NONE)
        else:
            raise AssertionError("a save has fewer requests than that")
        await whole.save(99, b"end", NONE)
        await whole.save(99, b"end", NONE)
        assert len(set(await chunks_in(client, table.table))) <= 3


async def test_two_servers_that_save_at_once_do_no_harm(table: DynamoSettings) -> None:
    """[LOG-4] Each snapshot is whole, whoever comes first."""
    async with connected(table) as client:
        both = [snapshots_on(client, table) for _ in range(2)]
        data = {number: bytes([number]) * (CHUNK_BYTES + 7) for number in range(1, 9)}
        outcomes = await asyncio.gather(
            *(both[number % 2].save(number, data[number], Mark(number, number)) for number in data),
            return_exceptions=True,
        )
        saved = [number for number, outcome in zip(data, outcomes, strict=True) if outcome is None]
        assert len(saved) >= 2
        assert await both[0].load() == [data[number] for number in sorted(saved)[-2:][::-1]]


async def test_a_storm_loses_nothing(table: DynamoSettings) -> None:
    """[LOG-4] Refusals and lost answers, also of the catalogue's own writes."""
    async with connected(table) as client:
        for seed in range(8):
            stormy = snapshots_on(client, table, Storm(seed))
            await stormy.save(seed, LARGE[seed:], NONE)
            assert (await stormy.load())[0] == LARGE[seed:]


async def test_a_snapshot_without_all_its_chunks_is_empty(table: DynamoSettings) -> None:
    """[LOG-4] [LOG-6] It is still in its place: pruning must not take the newer one for the oldest."""
    async with connected(table) as client:
        snapshots = snapshots_on(client, table)
        await snapshots.save(1, LARGE, NONE)
        bucket = (await chunks_in(client, table.table))[0]
        await snapshots.save(2, b"whole", NONE)
        await DynamoRequests(client, table).delete_many([(bucket, "0001")])
        assert await snapshots.load() == [b"whole", b""]
        assert await snapshots.oldest() == [b""]


async def test_the_catalogue_remembers_the_furthest_head(table: DynamoSettings) -> None:
    async with connected(table) as client:
        snapshots, requests = snapshots_on(client, table), DynamoRequests(client, table)
        await snapshots.save(1, b"", Mark(7, 70))
        await snapshots.save(2, b"", NONE)
        assert mark_of(await requests.get(("main", "snapshots"))) == Mark(7, 70)
