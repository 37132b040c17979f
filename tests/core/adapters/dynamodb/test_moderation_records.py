"""Audit and locks in DynamoDB: any piece of the log, any number of times, by anybody, gives the same."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from pixels_core.adapters.dynamodb.items import audit_key, lock_key
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.errors import StoreCorrupt
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import AuditQuery, LockRecord
from pixels_core.rules.events import EventBatch, ModerationEvent
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.state import CanvasState
from tests.support.builders import (
    IDENTITY,
    T0,
    History,
    append_all,
    make_batch,
    make_lock,
    make_notice,
    make_unlock,
    random_history,
)
from tests.support.dynamodb_faults import (
    Halves,
    Killed,
    KilledAt,
    Request,
    Storm,
    store_on,
)
from tests.support.projecting_store import ProjectingStore


class Counted:
    """Carries out everything, notes its name, and counts the items that queries read."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.read = 0

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        """Carry out a request."""
        self.names.append(name)
        answer = await request(**arguments)
        self.read += len(answer.get("Items", ()))
        return answer


async def check(store: DynamoStore, history: History) -> None:
    """Assert that audit and locks are what the history's log and state say."""
    audit = await store.audit(AuditQuery(), 10_000)
    assert [record.event for record in audit] == history.moderation[::-1]
    locks: dict[str, RegionLock] = {lock.id: lock for lock in history.state.locks}
    assert {record.lock.id: record.lock for record in await store.locks()} == locks


async def seqs(store: DynamoStore, query: AuditQuery | None = None, limit: int = 10_000) -> list[int]:
    return [record.seq for record in await store.audit(query or AuditQuery(), limit)]


async def test_any_pieces_in_any_repetition_give_the_same(table: DynamoSettings) -> None:
    """[REC-3] [REC-4] Pieces overlap, come again, and come late: each act counts once, and no lock comes back."""
    history = random_history(5, count=600)
    acts = history.moderation
    dice = random.Random(5)
    async with store_on(table) as store:
        done = 0
        while done < len(acts):
            start = dice.randint(max(0, done - 9), done)
            end = dice.randint(start, min(len(acts), start + 12))
            await store.records.project_moderation(acts[start:end])
            done = max(done, end)
        await check(store, history)
        await store.records.project_moderation(acts[:20])
        await store.records.project_moderation(acts)
        await check(store, history)


async def test_two_projectors_at_once_give_the_same(table: DynamoSettings) -> None:
    """[REC-3] [REC-4] A server that lost its canvas and the one that took it over, at different places in the log."""
    history = random_history(6, count=600)
    acts = history.moderation

    async def project(store: DynamoStore, seed: int) -> None:
        dice = random.Random(seed)
        done = 0
        while done < len(acts):
            end = min(len(acts), done + dice.randint(1, 6))
            await store.records.project_moderation(acts[done:end])
            done = end

    async with store_on(table) as one, store_on(table) as other:
        await asyncio.gather(project(one, 1), project(other, 2))
        await check(one, history)


async def test_acts_keep_their_numbers(table: DynamoSettings) -> None:
    """[REC-3] [REC-5] Over several partitions: whoever writes an act again, from wherever on, meets its item."""
    acts: list[ModerationEvent] = [make_notice(3 * i) for i in range(1, 701)]
    dice = random.Random(9)
    async with store_on(table) as one, store_on(table) as other:
        done = 0
        while done < len(acts):
            pieces = []
            for _ in range(2):
                start = dice.randint(max(0, done - 90), done)
                pieces.append(acts[start : start + dice.randint(30, 120)])
            await asyncio.gather(
                one.records.project_moderation(pieces[0]), other.records.project_moderation(pieces[1])
            )
            done = max(done, *(piece[-1].seq // 3 for piece in pieces))
        assert await seqs(one) == [act.seq for act in acts][::-1]
        for number in (0, 255, 256, 511, 512, 699):
            item = await one._requests.get(audit_key("main", number, acts[number].seq))
            assert item is not None


class FirstDies:
    """Of writes that are under way together, the first is lost with its process when the others are done."""

    def __init__(self) -> None:
        self._writes = 0
        self._others = asyncio.Event()

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        """Carry out a request, or die."""
        if name != "batch_execute_statement":
            return await request(**arguments)
        self._writes += 1
        if self._writes == 1:
            await self._others.wait()
            raise Killed
        answer = await request(**arguments)
        self._others.set()
        return answer


async def test_what_is_written_in_part_is_shown_to_nobody(table: DynamoSettings) -> None:
    """[REC-5] A page with later acts alone would let its reader go on without those before them."""
    acts = [make_notice(seq) for seq in range(1, 41)]
    async with store_on(table) as reader:
        await reader.records.project_moderation(acts[:3])
        with pytest.raises(BaseExceptionGroup):
            async with store_on(table, FirstDies()) as dying:
                await dying.records.project_moderation(acts[3:])
        assert await reader._requests.get(audit_key("main", 39, 40)), "the second part is there"
        assert await reader._requests.get(audit_key("main", 3, 4)) is None
        assert await seqs(reader) == [3, 2, 1]
        assert await seqs(reader, AuditQuery(before=41)) == [3, 2, 1]
        await reader.records.project_moderation(acts[3:])
        assert await seqs(reader) == [*range(40, 0, -1)]


async def test_refusals_and_halves_lose_nothing(table: DynamoSettings) -> None:
    """[REC-3] [REC-4] What DynamoDB hands back is written all the same."""
    history = random_history(7, count=600)
    acts = history.moderation
    halves = Halves()
    async with store_on(table, halves) as half, store_on(table, Storm(7, share=0.2)) as stormy:
        await half.records.project_moderation(acts[:60])
        await stormy.records.project_moderation(acts[60:])
        assert halves.handed_back > 20
        await check(half, history)


@pytest.mark.parametrize("after", [False, True])
async def test_a_projection_can_die_anywhere(table: DynamoSettings, after: bool) -> None:
    """[REC-3] [REC-4] [REC-5] At every request. Until it is healed, nobody is shown an act before those before it."""
    history = random_history(8, count=600)
    acts = history.moderation
    checkpoint = 0
    died = 0
    async with store_on(table) as reader:
        for step, end in enumerate(range(5, len(acts) + 5, 5)):
            async with store_on(table, KilledAt(step % 7, after=after)) as store:
                try:
                    await store.records.project_moderation(acts[checkpoint:end])
                    checkpoint = min(end, len(acts))
                except* Killed:
                    died += 1
            shown = await seqs(reader)
            assert shown == [act.seq for act in acts[: len(shown)]][::-1]
            assert len(shown) >= checkpoint
        assert died >= 5
        await reader.records.project_moderation(acts[checkpoint:])
        await check(reader, history)


async def test_without_moderation_there_is_no_request_for_it(table: DynamoSettings) -> None:
    """A projector whose batches are placements asks DynamoDB for as much as before there was an audit."""
    asked = []
    counted = Counted()
    async with store_on(table, counted) as store:
        projector = store.projector()
        running = asyncio.create_task(projector.run())
        await projector.settle()
        for batch in (make_batch(1), EventBatch(2, (make_notice(2, time=T0 + 1_000),))):
            await store.append(batch)
            counted.names.clear()
            projector.offer(batch)
            await projector.settle()
            asked.append(sorted(counted.names))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert asked == [
        ["batch_execute_statement", "batch_get_item", "put_item"],  # cell and user, and the checkpoint
        ["batch_execute_statement", "get_item", "put_item", "put_item"],  # mark, record, mark, and the checkpoint
    ]


async def test_a_late_write_does_not_bring_a_lock_back(table: DynamoSettings) -> None:
    """[REC-4] [REC-2] A process that slept puts its lock when it is long lifted."""
    async with store_on(table) as store:
        moderation = store.records.moderation
        await moderation.project([make_lock(1), make_lock(2, "l2")])
        await moderation.project([make_unlock(3)])
        await moderation._put_newer(moderation._set_item(make_lock(1)))
        assert [record.lock.id for record in await store.locks()] == ["l2"]
        item = await store._requests.get(lock_key("main", "l1"))
        assert item
        assert item["expires"] == {"N": str(T0 // 1000 + 30 * 86_400)}
        await moderation.project([make_lock(4)])
        assert await store.locks() == [LockRecord.of(make_lock(2, "l2")), LockRecord.of(make_lock(4))]
        item = await store._requests.get(lock_key("main", "l1"))
        assert item
        assert "expires" not in item


async def test_a_page_reads_no_more_than_it_shows(table: DynamoSettings) -> None:
    """[REC-5] Of 1,500 acts among a million placements, a page anywhere takes a few requests, however it is found."""
    acts: list[ModerationEvent] = [make_notice(1 + 700 * i, time=T0 + i // 3) for i in range(1_500)]
    counted = Counted()
    async with store_on(table, counted) as store:
        await store.records.project_moderation(acts)
        for query, newest in (
            (AuditQuery(), 1_499),
            (AuditQuery(before=acts[900].seq), 899),
            (AuditQuery(before=acts[256].seq), 255),
            (AuditQuery(before=acts[20].seq + 1), 20),
            (AuditQuery(until=T0 + 200), 599),
        ):
            counted.names.clear()
            counted.read = 0
            expected = [act.seq for act in acts[max(0, newest - 29) : newest + 1]][::-1]
            assert await seqs(store, query, 30) == expected
            assert len(counted.names) <= 7
            assert counted.read <= (256 if query.until else 30) + 5  # and what the search looked at
        counted.names.clear()
        assert await seqs(store, AuditQuery(since=T0 + 490), 1_000) == [act.seq for act in acts[1_470:]][::-1]
        assert len(counted.names) <= 3
        assert await seqs(store) == [act.seq for act in acts][::-1]


async def test_records_of_an_older_program_are_made_again(table: DynamoSettings) -> None:
    """[REC-3] [REC-4] From the log as far as it goes; older locks from a snapshot. Everything else stays as it is."""
    batches = [
        EventBatch(1, (make_lock(1, "old"), make_lock(2, "lifted"))),
        make_batch(2, 3, cell=3),
        EventBatch(3, (make_unlock(4, "lifted", time=T0 + 3_000), make_lock(5, "late", time=T0 + 3_000))),
        make_batch(4, 6, cell=3),
    ]
    state = CanvasState(IDENTITY)
    async with store_on(table) as store:
        await append_all(store, batches)
        for batch in batches[:2]:
            state.apply_batch(batch)
        await store.save_snapshot(1, b"damaged")
        await store.save_snapshot(2, pack_snapshot(state))
        await store.save_snapshot(3, pack_snapshot(state))
        await store.records.project(pixel for batch in batches for pixel in batch.pixels())
        checkpoint: Any = {"pk": {"S": "main"}, "sk": {"S": "projected"}, "batch_number": {"N": "4"}}
        await store._requests.put(checkpoint)
        await store.log.prune(2, T0 + 60_000)
        assert await store.prune(T0 + 60_000) == 0, "what is not projected again yet is still needed"
        before = await store.history(3, 9), await store.totals(9)
    projecting = await ProjectingStore.open(table, IDENTITY.canvas, IDENTITY.size)
    old, late = await projecting.locks()
    assert old == LockRecord(make_lock(1, "old").lock, 0, 0)
    assert late == LockRecord.of(make_lock(5, "late", time=T0 + 3_000))
    assert await seqs(projecting) == [5, 4]
    assert (await projecting.history(3, 9), await projecting.totals(9)) == before
    assert await projecting.records.checkpoint() == 4
    await projecting.close()


async def test_damaged_records_are_reported(table: DynamoSettings) -> None:
    """[LOG-5] Never guessed at."""
    async with store_on(table) as store:
        await store.records.project_moderation([make_lock(1)])
        for key, read in ((audit_key("main", 0, 1), seqs(store)), (lock_key("main", "l1"), store.locks())):
            item = await store._requests.get(key)
            assert item
            await store._requests.put({**item, "event": {"B": b"\xff"}})
            with pytest.raises(StoreCorrupt, match=f"The record {key[0]} {key[1]} is damaged"):
                await read


async def test_a_lock_that_is_none_is_reported(table: DynamoSettings) -> None:
    """[LOG-5] Another event in a lock's place, and a part of the audit that is missing."""
    async with store_on(table) as store:
        await store.records.project_moderation([make_lock(1), *(make_notice(seq) for seq in range(2, 600))])
        lock = await store._requests.get(lock_key("main", "l1"))
        notice = await store._requests.get(audit_key("main", 1, 2))
        assert lock
        assert notice
        await store._requests.put({**lock, "event": notice["event"]})
        with pytest.raises(StoreCorrupt, match="The lock 'l1' is none"):
            await store.locks()
        await store._requests.delete_many([audit_key("main", seq - 1, seq) for seq in range(257, 600)])
        with pytest.raises(StoreCorrupt, match="of the audit is missing"):
            await seqs(store, AuditQuery(before=5))
