"""What the DynamoDB store has beyond the contract: its start, its sentences, and outages."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from pixels.cluster.program import free_port
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.canvas.geometry import Size
from pixels_core.errors import BatchConflict, ConfigurationError, StoreCorrupt, StoreUnavailable
from pixels_core.log.recovery import recover
from pixels_core.log.snapshot_codec import pack_snapshot
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    append_all,
    make_batch,
    make_state,
    random_history,
    read_all,
)
from tests.support.dynamodb_faults import (
    Killed,
    KilledAt,
    Request,
    Storm,
    aws_error,
    store_on,
)
from tests.support.dynamodb_local import dynamodb_local
from tests.support.projecting_store import ProjectingStore


async def test_the_first_server_makes_the_canvas(table: DynamoSettings) -> None:
    """Of servers that start together one decides on the epoch, and everybody has it."""
    stores = await asyncio.gather(*(DynamoStore.open(table, "main", SMALL) for _ in range(4)))
    reader = await DynamoStore.open(table, "main", None)
    assert len({store.identity.epoch for store in (*stores, reader)}) == 1
    assert reader.identity.size == SMALL
    for store in (*stores, reader):
        await store.close()


async def test_canvases_share_a_table(table: DynamoSettings) -> None:
    one = await DynamoStore.open(table, "one", SMALL)
    two = await DynamoStore.open(table, "two", Size(3, 4))
    await one.append(make_batch(1))
    assert await read_all(two) == []
    assert two.identity.size == Size(3, 4)
    await one.close()
    await two.close()


async def test_a_canvas_that_is_not_there_is_told(table: DynamoSettings) -> None:
    with pytest.raises(ConfigurationError, match="There is no canvas 'main'"):
        await DynamoStore.open(table, "main", None)


async def test_another_size_is_told(table: DynamoSettings) -> None:
    await (await DynamoStore.open(table, "main", SMALL)).close()
    with pytest.raises(ConfigurationError, match="has 16 by 12 pixels; the settings ask for 9 by 9"):
        await DynamoStore.open(table, "main", Size(9, 9))


async def test_a_damaged_identity_is_told(table: DynamoSettings) -> None:
    """[LOG-5] Whoever changed it by hand hears of it."""
    store = await DynamoStore.open(table, "main", SMALL)
    item = await store._requests.get(("main", "identity"))
    assert item
    await store._requests.put({**item, "width": {"N": "0"}})
    await store.close()
    with pytest.raises(StoreCorrupt, match="makes no sense"):
        await DynamoStore.open(table, "main", SMALL)


async def test_a_missing_table_is_told(no_table: DynamoSettings) -> None:
    with pytest.raises(ConfigurationError, match="Run `pixels init`"):
        await DynamoStore.open(no_table, "main", SMALL)


async def test_missing_credentials_are_told(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(ConfigurationError, match="Set AWS_ACCESS_KEY_ID"):
        await DynamoStore.open(table, "main", SMALL)


async def test_wrong_credentials_are_told(table: DynamoSettings) -> None:
    """DynamoDB Local takes any, so the refusal is AWS's answer word by word."""

    async def refuse(name: str, _request: Request, _arguments: dict[str, Any]) -> Any:
        message = "The security token included in the request is invalid."
        raise aws_error("UnrecognizedClientException", name, message=message)

    async with store_on(table, refuse) as store:
        with pytest.raises(ConfigurationError, match="AWS does not accept the credentials"):
            await store.append(make_batch(1))


async def test_a_closed_store_is_unavailable(table: DynamoSettings) -> None:
    store = await DynamoStore.open(table, "main", SMALL)
    await store.close()
    with pytest.raises(StoreUnavailable, match="is closed"):
        await store.append(make_batch(1))


@pytest.mark.slow
async def test_an_outage_is_told_in_time_and_passes(no_table: DynamoSettings) -> None:
    """[LOG-1] [SEQ-4] While DynamoDB is away nothing hangs, and afterwards the same store works."""
    port = free_port()
    patient = no_table.model_copy(update={"endpoint": f"http://127.0.0.1:{port}"})
    settings = patient.model_copy(update={"total_seconds": 1.5})
    with dynamodb_local(port):
        await create_table(patient)
        store = await DynamoStore.open(settings, "main", SMALL)
        await store.append(make_batch(1))
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="cannot be used now"):
            await store.append(make_batch(2))
    assert time.monotonic() - started < 10  # two times 1.5 seconds, with room for a slow machine
    with dynamodb_local(port):  # in memory: it begins empty
        await create_table(patient)
        with pytest.raises(BatchConflict):
            await store.append(make_batch(9))
        assert await store.snapshots() == []
        await store.close()


async def test_pruning_waits_for_the_projector(table: DynamoSettings) -> None:
    """[LOG-6] [REC-1] A batch that is in no record yet is still needed."""
    store = await DynamoStore.open(table, "main", SMALL, epoch=IDENTITY.epoch)
    await append_all(store, [make_batch(number, cell=number, color=number) for number in range(1, 6)])
    await store.save_snapshot(5, pack_snapshot(make_state(5)))
    assert await store.prune(T0 + 60_000) == 0
    await store.records.save_checkpoint(3)
    assert await store.prune(T0 + 60_000) == 3
    await store.close()


async def test_a_server_in_a_storm_ends_with_everything_right(table: DynamoSettings) -> None:
    """[LOG-1] [LOG-3] [REC-1] Log, snapshots and records, with every third request refused or its answer lost."""
    history = random_history(11)
    async with store_on(table, Storm(seed=11, share=0.3)) as store:
        projector = store.projector()
        running = asyncio.create_task(projector.run())
        for batch in history.batches:
            await store.append(batch)
            projector.offer(batch)
        await store.save_snapshot(3, pack_snapshot(make_state(3)))
        await projector.settle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert (await store.totals(1)).placements == len(history.pixels)
    async with store_on(table) as store:
        assert await read_all(store) == history.batches
        assert (await store.totals(1)).placements == len(history.pixels)


@pytest.mark.parametrize("after", [False, True])
async def test_a_server_can_die_anywhere(table: DynamoSettings, after: bool) -> None:
    """[LOG-1] [LOG-3] [REC-1] Killed at its nth request, and started again: what was acknowledged is there."""
    history = random_history(12)
    acknowledged = 0
    for life in range(25):
        try:
            async with store_on(table, KilledAt(life, after=after)) as store:
                acknowledged = await _live(store, history.batches, acknowledged)
        except* Killed:
            pass
    store = await ProjectingStore.open(table, IDENTITY.canvas, IDENTITY.size, epoch=IDENTITY.epoch)
    head = (await store.log.head()).number
    assert await read_all(store) == history.batches[:head]
    await append_all(store, history.batches[head:])
    assert pack_snapshot((await recover(store, history.state.time)).state) == pack_snapshot(history.state)
    for pixel in history.pixels:
        found = await store.record(pixel.cell)
        assert found
        assert found.seq >= pixel.seq
    totals = await store.totals(9)
    assert totals.placements == len(history.pixels)
    await store.close()


async def _live(store: DynamoStore, batches: list[Any], acknowledged: int) -> int:
    """Start, find the head, project what is missing, then append two more; returns what the log must hold."""
    head = (await store.log.head()).number
    assert head >= acknowledged
    checkpoint = await store.records.checkpoint()
    await store.records.project(pixel for batch in batches[checkpoint:head] for pixel in batch.pixels())
    await store.records.save_checkpoint(head)
    for batch in batches[head : head + 2]:
        await store.append(batch)
    return min(head + 2, len(batches))
