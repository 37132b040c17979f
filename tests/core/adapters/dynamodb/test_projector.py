"""The projector: whatever happens to it, in the end the records are what the log says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from pixels_core.adapters.dynamodb import projector as dynamodb_projector
from pixels_core.adapters.dynamodb.projector import RecordProjector
from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import StoreUnavailable
from pixels_core.rules.events import EventBatch, ModerationEvent, PixelPlaced
from tests.support.builders import IDENTITY, append_all, make_batch, random_history


class Records:
    """Takes events in memory; fails, or dies, at chosen calls."""

    def __init__(self) -> None:
        self.placed: dict[int, PixelPlaced] = {}
        self.moderation: dict[int, ModerationEvent] = {}
        self.rounds: list[int] = []
        self.number = 0
        self.calls = 0
        self.fails_at: set[int] = set()
        self.gate = asyncio.Event()
        self.gate.set()

    async def checkpoint(self) -> int:
        await self._call()
        return self.number

    async def project(self, placed: Iterable[PixelPlaced]) -> None:
        pixels = list(placed)
        self.rounds.append(len(pixels))
        for pixel in pixels[: len(pixels) // 2]:
            self.placed[pixel.seq] = pixel
        await self._call()
        self.placed |= {pixel.seq: pixel for pixel in pixels}

    async def project_moderation(self, events: Sequence[ModerationEvent]) -> None:
        assert events
        await self._call()
        self.moderation |= {event.seq: event for event in events}

    async def save_checkpoint(self, number: int) -> None:
        await self._call()
        assert number >= self.number
        self.number = number

    async def _call(self) -> None:
        await self.gate.wait()
        self.calls += 1
        if self.calls in self.fails_at:
            raise StoreUnavailable


class CountingLog(MemoryStore):
    """Counts how often it is read."""

    reads = 0

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        self.reads += 1
        async for batch in super().read(after):
            yield batch


@asynccontextmanager
async def running(projector: RecordProjector) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def log() -> CountingLog:
    return CountingLog(IDENTITY)


async def commit(log: CountingLog, projector: RecordProjector, batches: list[EventBatch]) -> None:
    for batch in batches:
        await log.append(batch)
        projector.offer(batch)


@pytest.mark.parametrize("at_once", [1, 7, 4_000])
async def test_what_an_earlier_process_left_comes_first(
    log: CountingLog, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[REC-1] From the checkpoint on, in as many rounds as it takes, without anybody offering anything."""
    monkeypatch.setattr(dynamodb_projector, "PLACEMENTS_AT_ONCE", at_once)
    history, records = random_history(1), Records()
    await append_all(log, history.batches)
    records.number = len(history.batches) // 2
    projector = RecordProjector(log, records, pause_s=0)
    async with running(projector):
        await projector.settle()
    assert records.number == len(history.batches)
    late = [p for batch in history.batches[len(history.batches) // 2 :] for p in batch.pixels()]
    assert [*records.placed.values()] == late
    acts = [event for batch in history.batches[len(history.batches) // 2 :] for event in batch.moderation()]
    assert acts
    assert [*records.moderation.values()] == acts


async def test_offered_batches_are_not_read_again(log: CountingLog) -> None:
    records = Records()
    projector = RecordProjector(log, records, pause_s=0)
    async with running(projector):
        await projector.settle()
        reads = log.reads
        await commit(log, projector, [make_batch(number) for number in range(1, 20)])
        assert projector.lag == 19
        await projector.settle()
        assert (projector.lag, projector.projected) == (0, 19)
    assert log.reads == reads
    assert [*records.placed] == [*range(1, 20)]


async def test_what_does_not_fit_into_memory_is_read_from_the_log(log: CountingLog) -> None:
    """[REC-1] Back-pressure: a slow store costs a bounded backlog, and nothing else."""
    records = Records()
    projector = RecordProjector(log, records, backlog=5, pause_s=0)
    async with running(projector):
        await projector.settle()
        records.gate.clear()
        await commit(log, projector, [make_batch(number) for number in range(1, 50)])
        assert len(projector._waiting) == 5
        records.gate.set()
        await projector.settle()
        await commit(log, projector, [make_batch(50)])
        await projector.settle()
    assert [*records.placed] == [*range(1, 51)]


async def test_placements_gather_between_rounds(log: CountingLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many batches are one round, up to a number of placements."""
    monkeypatch.setattr(dynamodb_projector, "PLACEMENTS_AT_ONCE", 10)
    records = Records()
    projector = RecordProjector(log, records, pause_s=3_600)
    async with running(projector):
        await projector.settle()
        await commit(log, projector, [make_batch(number) for number in range(1, 26)])
        await projector.settle()
    assert records.rounds == [10, 10, 5]


@pytest.mark.parametrize("step", range(1, 9))
async def test_it_goes_on_after_a_failure(
    log: CountingLog, step: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """[REC-1] Whichever call fails, it is tried again from where everything was written."""
    monkeypatch.setattr(dynamodb_projector, "FIRST_RETRY_S", 0)
    history, records = random_history(2), Records()
    records.fails_at = {step, step + 1}
    projector = RecordProjector(log, records, pause_s=0)
    async with running(projector):
        for batch in history.batches:
            await commit(log, projector, [batch])
            await projector.settle()
    assert records.calls > step
    assert [*records.placed.values()] == history.pixels
    assert [*records.moderation.values()] == history.moderation
    assert "Pixel records wait" in caplog.text


async def test_a_process_can_die_anywhere(log: CountingLog) -> None:
    """[REC-1] [REC-2] Killed at every await, the next process begins at the checkpoint and misses nothing."""
    history, records = random_history(3), Records()
    for batch in history.batches:
        projector = RecordProjector(log, records, pause_s=0)
        await log.append(batch)
        projector.offer(batch)
        task = asyncio.create_task(projector.run())
        for _ in range(batch.number % 9):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    projector = RecordProjector(log, records, pause_s=0)
    async with running(projector):
        await projector.settle()
    assert sorted(records.placed.values()) == history.pixels
    assert sorted(records.moderation.values(), key=lambda event: event.seq) == history.moderation
