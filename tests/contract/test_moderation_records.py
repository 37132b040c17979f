"""The contract of ModerationRecords."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pixels_core.errors import BatchConflict
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord
from pixels_core.rules.events import Event, EventBatch, NoticePosted, RegionLocked, UserBanned
from pixels_core.rules.state import CanvasState
from tests.contract.store_contract import Harness, Store
from tests.support.builders import (
    IDENTITY,
    T0,
    make_batch,
    make_lock,
    make_notice,
    make_pixel,
    make_unlock,
    one_of_each,
)


async def seqs(store: Store, limit: int = 1_000, query: AuditQuery | None = None) -> list[int]:
    return [record.seq for record in await store.audit(query or AuditQuery(), limit)]


async def append_events(store: Store, *events: Event, per_batch: int = 50) -> None:
    """Append events in batches; the store is empty."""
    for number, start in enumerate(range(0, len(events), per_batch), 1):
        await store.append(EventBatch(number, events[start : start + per_batch]))


async def test_a_canvas_without_moderation_has_no_records(store: Store) -> None:
    assert (await store.audit(AuditQuery(), 10), await store.locks()) == ([], [])
    await store.append(make_batch(1))
    assert (await store.audit(AuditQuery(), 10), await store.locks()) == ([], [])


async def test_every_kind_of_act_is_in_the_audit(store: Store) -> None:
    """[REC-3] As it was logged, the newest first; a placement is no act of moderation."""
    *acts, _placement = one_of_each()
    await store.append(EventBatch(1, one_of_each()))
    found = await store.audit(AuditQuery(), 10)
    assert found == [AuditRecord(act) for act in reversed(acts) if not isinstance(act, tuple)]
    assert [(record.seq, record.time, record.user) for record in found[:2]] == [
        (7, T0 + 6, "mod"),
        (6, T0 + 5, "mod"),
    ]
    assert await store.audit(AuditQuery(), 0) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(AuditQuery(), [9, 8, 6, 5, 4, 2, 1], id="everything"),
        pytest.param(AuditQuery(user="bob"), [8, 4, 2], id="who"),
        pytest.param(AuditQuery(user="ada"), [], id="who only placed"),
        pytest.param(AuditQuery(user="BOB"), [], id="another who"),
        pytest.param(AuditQuery(kinds=frozenset({RegionLocked.name})), [4, 1], id="a kind"),
        pytest.param(AuditQuery(kinds=frozenset({RegionLocked.name, UserBanned.name})), [9, 4, 1], id="two kinds"),
        pytest.param(AuditQuery(kinds=frozenset({"dance"})), [], id="no kind"),
        pytest.param(AuditQuery(since=T0 + 4), [9, 8, 6, 5, 4], id="from a moment on"),
        pytest.param(AuditQuery(until=T0 + 4), [2, 1], id="before a moment"),
        pytest.param(AuditQuery(since=T0 + 4, until=T0 + 8), [6, 5, 4], id="a time range"),
        pytest.param(AuditQuery(since=T0 + 8, until=T0 + 4), [], id="an empty range"),
        pytest.param(AuditQuery(before=5), [4, 2, 1], id="a cursor"),
        pytest.param(AuditQuery(before=7), [6, 5, 4, 2, 1], id="a cursor at a placement"),
        pytest.param(AuditQuery(before=1), [], id="a cursor at the end"),
        pytest.param(AuditQuery(before=2**50), [9, 8, 6, 5, 4, 2, 1], id="a cursor beyond"),
        pytest.param(
            AuditQuery(user="bob", kinds=frozenset({NoticePosted.name}), since=T0 + 1, until=T0 + 9, before=8),
            [2],
            id="all of it",
        ),
    ],
)
async def test_the_audit_is_filtered(store: Store, query: AuditQuery, expected: list[int]) -> None:
    """[REC-5] Who, which kind, when, and from where on, each alone and together."""
    ban = UserBanned(seq=9, time=T0 + 8, user="mod", reason="", banned="eve")
    await append_events(
        store,
        make_lock(1, time=T0 + 1),
        make_notice(2, user="bob", time=T0 + 2),
        make_pixel(3, time=T0 + 4),
        make_lock(4, "l2", user="bob", time=T0 + 4),
        make_unlock(5, time=T0 + 4),
        make_notice(6, time=T0 + 5),
        make_pixel(7, time=T0 + 6),
        make_notice(8, user="bob", time=T0 + 8),
        ban,
        per_batch=4,
    )
    assert await seqs(store, query=query) == expected
    assert await seqs(store, 2, query) == expected[:2]


@pytest.mark.parametrize("page", [7, 100, 256, 1_000])
async def test_pages_hold_everything_exactly_once(store: Store, page: int) -> None:
    """[REC-5] Over hundreds of acts of the same moment with placements between them, whatever a page holds."""
    events: list[Event] = [
        make_pixel(seq) if seq % 6 == 0 else make_notice(seq, text=f"{seq}") for seq in range(1, 361)
    ]
    await append_events(store, *events)
    expected = [event.seq for event in reversed(events) if isinstance(event, NoticePosted)]
    assert len(expected) == 300
    paged: list[int] = []
    query = AuditQuery()
    while found := await seqs(store, page, query):
        assert len(found) == min(page, len(expected) - len(paged))
        paged += found
        query = replace(query, before=found[-1])
    assert paged == expected


async def test_a_page_does_not_change_while_acts_come_in(store: Store) -> None:
    """[REC-5] A cursor is a place in the order, not a count from its end."""
    await append_events(store, *(make_notice(seq) for seq in range(1, 11)))
    first = await seqs(store, 4)
    await store.append(EventBatch(2, (make_notice(11),)))
    assert first + await seqs(store, 9, AuditQuery(before=first[-1])) == [*range(10, 0, -1)]
    assert await seqs(store, 2) == [11, 10]


async def test_locks_are_those_that_hold(store: Store) -> None:
    """[REC-4] One that is lifted goes; one that is set again under its old id is the new one."""
    b, a, odd = make_lock(1, "b"), make_lock(2, "a", user="bob"), make_lock(3, "ö ✓/#", time=T0 + 5)
    await append_events(store, b, a, odd)
    assert await store.locks() == [LockRecord.of(b), LockRecord.of(a), LockRecord.of(odd)]
    assert [(one.lock.id, one.seq, one.time, one.lock.by, one.lock.reason) for one in await store.locks()] == [
        ("b", 1, T0, "mod", "art"),
        ("a", 2, T0, "bob", "art"),
        ("ö ✓/#", 3, T0 + 5, "mod", "art"),
    ]
    again = make_lock(6, "a", time=T0 + 9)
    await store.append(EventBatch(2, (make_unlock(4, "b", time=T0 + 8), make_unlock(5, "a", time=T0 + 8), again)))
    assert await store.locks() == [LockRecord.of(odd), LockRecord.of(again)]
    await store.append(EventBatch(3, (make_unlock(7, "a", time=T0 + 9),)))
    short = make_lock(8, "a", time=T0 + 9), make_unlock(9, "a", time=T0 + 9)
    await store.append(EventBatch(4, (*short, make_unlock(10, "ö ✓/#", time=T0 + 9))))
    assert await store.locks() == []
    assert await seqs(store) == [*range(10, 0, -1)]


async def test_a_batch_that_is_refused_leaves_no_record(store: Store) -> None:
    """[LOG-2] [REC-3] Of two writers, the loser's acts of moderation are nowhere."""
    await append_events(store, make_lock(1))
    rivals = [EventBatch(2, (make_lock(2, f"l{name}", user=name),)) for name in ("ada", "bob", "eve")]
    outcomes = await asyncio.gather(*map(store.append, rivals), return_exceptions=True)
    (winner,) = (rival for rival, outcome in zip(rivals, outcomes, strict=True) if outcome is None)
    assert [type(outcome) for outcome in outcomes].count(BatchConflict) == 2
    assert [record.event for record in await store.audit(AuditQuery(), 9)] == [winner.events[0], make_lock(1)]
    assert [one.lock.by for one in await store.locks()] == ["mod", winner.events[0].user]


async def test_pruning_the_log_leaves_audit_and_locks(harness: Harness) -> None:
    """[REC-3] [REC-4] The log may forget; what moderators did is kept, also over a restart."""
    batches = [
        EventBatch(1, (make_lock(1), make_notice(2))),
        EventBatch(2, (make_lock(3, "l2", time=T0 + 1), make_unlock(4, time=T0 + 1))),
        make_batch(3, 5),
        make_batch(4, 6),
    ]
    state = CanvasState(IDENTITY)
    async with harness.opened() as store:
        for batch in batches:
            await store.append(batch)
            state.apply_batch(batch)
        before = await store.audit(AuditQuery(), 10), await store.locks()
        assert [len(part) for part in before] == [4, 1]
        await store.save_snapshot(4, pack_snapshot(state))
        assert await store.prune(T0 + 60_000) == 3
        assert (await store.audit(AuditQuery(), 10), await store.locks()) == before
    async with harness.opened() as store:
        assert (await store.audit(AuditQuery(), 10), await store.locks()) == before
        await store.append(EventBatch(5, (make_unlock(7, "l2", time=T0 + 9_000),)))
        assert await seqs(store) == [7, 4, 3, 2, 1]
        assert await store.locks() == []
