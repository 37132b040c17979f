"""Random histories of a real engine: every store gives back the same state, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixels_core.log.recovery import recover
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import AuditQuery, PixelRecord
from pixels_core.rules.state import CanvasState
from tests.contract.store_contract import Harness, Store
from tests.support.builders import IDENTITY, History, append_all, random_history

# The fixture is only a class; every example makes a store of its own.
some_histories = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
seeds = st.integers(0, 2**32)


@some_histories
@given(seed=seeds)
def test_recovery_gives_the_engines_state(harness_type: type[Harness], seed: int) -> None:
    """[LOG-3] The same log gives the same bytes, also after a restart."""

    async def check(harness: Harness) -> None:
        history = random_history(seed)
        expected = pack_snapshot(history.state)
        async with harness.opened() as store:
            await append_all(store, history.batches)
            assert await _recovered(store, history) == expected
        async with harness.opened() as store:
            assert await _recovered(store, history) == expected

    _run(harness_type, check)


@some_histories
@given(seed=seeds, shares=st.tuples(st.floats(0, 1), st.floats(0, 1)), age=st.integers(0, 60_000), harm=st.booleans())
def test_pruning_never_loses_what_recovery_needs(
    harness_type: type[Harness], seed: int, shares: tuple[float, float], age: int, harm: bool
) -> None:
    """[LOG-6] [LOG-4] The state recovered is the same before and after, also where the newest snapshot is damaged."""

    async def check(harness: Harness) -> None:
        history = random_history(seed)
        expected = pack_snapshot(history.state)
        older, newer = sorted(round(share * len(history.batches)) for share in shares)
        data = pack_snapshot(_state_after(history, newer))
        async with harness.opened() as store:
            await append_all(store, history.batches)
            await store.save_snapshot(older, pack_snapshot(_state_after(history, older)))
            await store.save_snapshot(newer, data[:-1] if harm else data)
            assert await _recovered(store, history) == expected
            await store.prune(history.state.time - age)
            assert await _recovered(store, history) == expected

    _run(harness_type, check)


@some_histories
@given(seed=seeds)
def test_records_agree_with_the_log(harness_type: type[Harness], seed: int) -> None:
    """[REC-1] Every cell's record and history, and the totals, are what the log says."""

    async def check(harness: Harness) -> None:
        history = random_history(seed)
        async with harness.opened() as store:
            await append_all(store, history.batches)
            for cell in range(IDENTITY.size.cells):
                placed = [
                    PixelRecord(p.cell, p.color, p.time, p.user, p.seq) for p in history.pixels if p.cell == cell
                ]
                assert await store.record(cell) == (placed[-1] if placed else None)
                assert await store.history(cell, 1_000) == placed[::-1]
            totals = await store.totals(10)
            assert totals.placements == len(history.pixels)
            assert dict(totals.top_painters) == _counts(history)
            assert totals.painters == len(_counts(history))

    _run(harness_type, check)


@some_histories
@given(seed=seeds)
def test_moderation_records_agree_with_the_log(harness_type: type[Harness], seed: int) -> None:
    """[REC-3] [REC-4] The audit is every act of moderation, and the locks are those of the state."""

    async def check(harness: Harness) -> None:
        history = random_history(seed)
        async with harness.opened() as store:
            await append_all(store, history.batches)
            audit = await store.audit(AuditQuery(), 1_000)
            assert [record.event for record in audit] == history.moderation[::-1]
            assert {record.lock.id: record.lock for record in await store.locks()} == {
                lock.id: lock for lock in history.state.locks
            }

    _run(harness_type, check)


def _run(harness_type: type[Harness], check: Callable[[Harness], Coroutine[None, None, None]]) -> None:
    with TemporaryDirectory() as directory:
        asyncio.run(check(harness_type(Path(directory))))


async def _recovered(store: Store, history: History) -> bytes:
    return pack_snapshot((await recover(store, history.state.time)).state)


def _state_after(history: History, number: int) -> CanvasState:
    state = CanvasState(IDENTITY)
    for batch in history.batches[:number]:
        state.apply_batch(batch)
    return state


def _counts(history: History) -> dict[str, int]:
    users = [pixel.user for pixel in history.pixels]
    return {user: users.count(user) for user in users}
