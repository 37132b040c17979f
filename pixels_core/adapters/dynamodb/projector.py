"""Carries committed batches into the records, behind the log and at its own pace.

The log is the truth, so nothing is lost here: whatever is not written yet is read from the log again, from the
checkpoint on. A batch may be projected twice, by this process or by two at once; the second time changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Protocol

from pixels_core.errors import PixelsError
from pixels_core.ports import EventLog
from pixels_core.rules.events import EventBatch, ModerationEvent, PixelPlaced

logger = logging.getLogger(__name__)

PLACEMENTS_AT_ONCE = 4_000
"""How many placements are merged cell by cell before they are written: a cell painted often costs one write."""
BACKLOG_PLACEMENTS = 50_000
"""How many wait in memory, some 10 MB; beyond, they are read from the log when their turn comes."""
PAUSE_S = 0.5
"""How long placements gather between two rounds."""
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0


class ProjectedRecords(Protocol):
    """Where events are written to; every method may be called twice with the same."""

    async def checkpoint(self) -> int:
        """Return the number of the batch up to which everything is written."""
        ...

    async def project(self, placed: Iterable[PixelPlaced]) -> None:
        """Write what follows from placements."""
        ...

    async def project_moderation(self, events: Sequence[ModerationEvent]) -> None:
        """Write what follows from acts of moderation; called only where there are any."""
        ...

    async def save_checkpoint(self, number: int) -> None:
        """Note up to which batch everything is written."""
        ...


class RecordProjector:
    """Projects one canvas. The host runs it as a task: `offer` each committed batch, `settle` before the end.

    Args:
        log: where batches are read that are not in memory.
        records: where their events go.
        backlog: placements that may wait in memory.
        pause_s: seconds between two rounds, in which placements gather.
    """

    def __init__(
        self,
        log: EventLog,
        records: ProjectedRecords,
        *,
        backlog: int = BACKLOG_PLACEMENTS,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._log = log
        self._records = records
        self._backlog = backlog
        self._pause_s = pause_s
        self._waiting: deque[EventBatch] = deque()
        self._placements = 0
        self._offered = 0
        self._done: int | None = None  # None: the checkpoint was not read yet
        self._healed = False  # whether all that an earlier process left is written
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()
        self._hurry = asyncio.Event()
        self._settling = 0

    @property
    def projected(self) -> int:
        """Number of the batch up to which everything is written."""
        return self._done or 0

    @property
    def lag(self) -> int:
        """How many of the offered batches are not written yet."""
        return max(0, self._offered - self.projected)

    def offer(self, batch: EventBatch) -> None:
        """Take a committed batch, without waiting; where too many wait, it will be read from the log."""
        self._offered = max(self._offered, batch.number)
        follows = not self._waiting or batch.number == self._waiting[-1].number + 1
        if follows and self._placements + len(batch.events) <= self._backlog:
            self._waiting.append(batch)
            self._placements += len(batch.events)
        self._wake.set()

    async def settle(self) -> None:
        """Wait until everything offered so far is written; `run` must be running."""
        target = self._offered
        self._settling += 1
        self._hurry.set()
        try:
            while not self._healed or self.projected < target:
                self._moved.clear()
                await self._moved.wait()
        finally:
            self._settling -= 1
            if not self._settling:
                self._hurry.clear()

    async def run(self) -> None:
        """Work until cancelled; first what an earlier process left. A store that fails is tried again for ever."""
        delay = FIRST_RETRY_S
        while True:
            try:
                await self._work()
            except PixelsError as problem:
                logger.warning("Pixel records wait at batch %d: %s", self.projected, problem)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_RETRY_S)
            else:
                delay = FIRST_RETRY_S

    async def _work(self) -> None:
        """Project one round, or wait for something to project."""
        if self._done is None:
            self._done = await self._records.checkpoint()
        self._forget_projected(self._done)
        if self._waiting and self._waiting[0].number == self._done + 1:
            await self._gather()
            await self._project(self._from_memory())
        elif not self._healed or self._done < self._offered:
            await self._catch_up(self._done)
        else:
            self._wake.clear()
            await self._wake.wait()

    async def _gather(self) -> None:
        """Let placements come together, unless there are many or somebody waits for them."""
        if self._placements < PLACEMENTS_AT_ONCE:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s):
                    await self._hurry.wait()

    async def _catch_up(self, after: int) -> None:
        """Project the next batches of the log."""
        batches: list[EventBatch] = []
        placements = 0
        async for batch in self._log.read(after):
            batches.append(batch)
            placements += len(batch.events)
            if placements >= PLACEMENTS_AT_ONCE:
                break
        if batches:
            await self._project(batches)
        elif not self._healed:
            self._healed = True
            self._moved.set()
        else:
            await asyncio.sleep(FIRST_RETRY_S)  # what was offered is not committed: the host is mistaken

    def _from_memory(self) -> list[EventBatch]:
        batches: list[EventBatch] = []
        placements = 0
        for batch in self._waiting:
            batches.append(batch)
            placements += len(batch.events)
            if placements >= PLACEMENTS_AT_ONCE:
                break
        return batches

    async def _project(self, batches: list[EventBatch]) -> None:
        await self._records.project(pixel for batch in batches for pixel in batch.pixels())
        moderation = [event for batch in batches for event in batch.moderation()]
        if moderation:
            await self._records.project_moderation(moderation)
        await self._records.save_checkpoint(batches[-1].number)
        self._done = batches[-1].number
        self._moved.set()

    def _forget_projected(self, done: int) -> None:
        while self._waiting and self._waiting[0].number <= done:
            self._placements -= len(self._waiting.popleft().events)
