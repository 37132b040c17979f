"""Records that are written behind the log: any piece of it, any number of times, by anybody, gives the same."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from pixels_core.adapters.dynamodb.items import cell_key
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.errors import StoreCorrupt
from pixels_core.ports import PixelRecord, Totals
from pixels_core.rules.events import PixelPlaced
from tests.support.builders import SMALL, make_pixel, random_history
from tests.support.dynamodb_faults import Halves, Killed, KilledAt, Storm, store_on


async def check(store: DynamoStore, pixels: list[PixelPlaced]) -> None:
    """Assert that the records, the history and the counts are those of the placements."""
    for cell in range(SMALL.cells):
        placed = [PixelRecord(p.cell, p.color, p.time, p.user, p.seq) for p in pixels if p.cell == cell]
        assert await store.history(cell, 99) == placed[::-1][:16]
        assert await store.record(cell) == (placed[-1] if placed else None)
    users = [pixel.user for pixel in pixels]
    totals = await store.totals(99)
    assert totals.placements == len(pixels)
    assert dict(totals.top_painters) == {user: users.count(user) for user in users}


async def test_any_pieces_in_any_repetition_give_the_same(table: DynamoSettings) -> None:
    """[REC-1] [REC-2] Pieces overlap, come again, and come late: what is newer stays."""
    pixels = random_history(5).pixels
    dice = random.Random(5)
    async with store_on(table) as store:
        done = 0
        while done < len(pixels):
            start = dice.randint(max(0, done - 40), done)
            end = dice.randint(start, min(len(pixels), start + 60))
            await store.records.project(pixels[start:end])
            done = max(done, end)
        await check(store, pixels)
        await store.records.project(pixels[:3])
        await check(store, pixels)


async def test_two_projectors_at_once_give_the_same(table: DynamoSettings) -> None:
    """[REC-1] [REC-2] A server that lost its canvas and the one that took it over, at different places in the log."""
    pixels = random_history(6).pixels

    async def project(store: DynamoStore, seed: int) -> None:
        dice = random.Random(seed)
        done = 0
        while done < len(pixels):
            end = min(len(pixels), done + dice.randint(1, 30))
            await store.records.project(pixels[done:end])
            done = end

    async with store_on(table) as one, store_on(table) as other:
        await asyncio.gather(project(one, 1), project(other, 2))
        await check(one, pixels)


async def test_refusals_and_halves_lose_nothing(table: DynamoSettings) -> None:
    """[REC-1] What DynamoDB hands back is written all the same."""
    pixels = random_history(7).pixels
    halves = Halves()
    async with store_on(table, halves) as half, store_on(table, Storm(7, share=0.2)) as stormy:
        await half.records.project(pixels[:60])
        await stormy.records.project(pixels[60:])
        assert halves.handed_back > 20
        await check(half, pixels)


@pytest.mark.parametrize("after", [False, True])
async def test_a_projection_can_die_anywhere(table: DynamoSettings, after: bool) -> None:
    """[REC-1] At every request: before it, or with its answer lost. Once more from the checkpoint heals it."""
    pixels = random_history(8, count=120).pixels
    checkpoint = 0
    for step, end in enumerate(range(6, len(pixels) + 6, 6)):
        dying = KilledAt(step % 8, after=after)
        async with store_on(table, dying) as store:
            try:
                await store.records.project(pixels[checkpoint:end])
                checkpoint = end
            except* Killed:
                pass
    async with store_on(table) as store:
        await store.records.project(pixels[checkpoint:])
        await check(store, pixels)


async def test_a_cell_painted_often_costs_one_write(table: DynamoSettings) -> None:
    """A thousand placements in a cell are one item, and its history the last 16."""
    async with store_on(table) as store:
        pixels = [make_pixel(seq, cell=3, color=seq % 32) for seq in range(1, 1_001)]
        await store.records.project(pixels)
        assert [record.seq for record in await store.history(3, 99)] == [*range(1_000, 984, -1)]
        assert await store.totals(1) == Totals(1_000, 1, (("ada", 1_000),))


async def test_a_name_and_a_count_do_not_disturb_each_other(table: DynamoSettings) -> None:
    async with store_on(table) as store:
        await store.remember("ada", "Ada")
        await store.records.project([make_pixel(1)])
        await store.remember("ada", "Countess")
        await store.records.project([make_pixel(2)])
        assert await store.names(["ada"]) == {"ada": "Countess"}
        assert (await store.totals(1)).top_painters == (("ada", 2),)
        await store.remember("ada", None)
        assert await store.names(["ada"]) == {}
        assert (await store.totals(1)).top_painters == (("ada", 2),)


async def test_counts_may_be_as_old_as_the_settings_say(table: DynamoSettings) -> None:
    async with store_on(table.model_copy(update={"totals_seconds": 3_600})) as store:
        assert (await store.totals(1)).placements == 0
        await store.records.project([make_pixel(1)])
        assert (await store.totals(1)).placements == 0


async def test_the_checkpoint_never_goes_back(table: DynamoSettings) -> None:
    async with store_on(table) as store:
        assert await store.records.checkpoint() == 0
        await store.records.save_checkpoint(7)
        await store.records.save_checkpoint(5)
        assert await store.records.checkpoint() == 7


async def test_a_checkpoint_of_an_older_program_is_none(table: DynamoSettings) -> None:
    """[REC-3] It knew of fewer records; whoever has projected again counts, however far that has come."""
    async with store_on(table) as store:
        item: Any = {"pk": {"S": "main"}, "sk": {"S": "projected"}, "batch_number": {"N": "9"}}
        await store.records._requests.put(item)
        assert await store.records.checkpoint() == 0
        await store.records.save_checkpoint(3)
        assert await store.records.checkpoint() == 3


async def test_a_damaged_history_is_reported(table: DynamoSettings) -> None:
    """[LOG-5] Never guessed at."""
    async with store_on(table) as store:
        await store.records.project([make_pixel(seq, cell=3) for seq in range(1, 4)])
        item = await store.records._requests.get(cell_key("main", 3))
        assert item
        await store.records._requests.put({**item, "history": {"B": b"\xff"}})
        with pytest.raises(StoreCorrupt, match="history of cell 3"):
            await store.history(3, 9)
