"""A DynamoDB store that runs its own projector and waits for it before it answers: what the contract suite asks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

from pixels_core.adapters.dynamodb.projector import RecordProjector
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.canvas.geometry import Size
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord, PixelRecord, Totals
from pixels_core.rules.events import EventBatch
from pixels_core.units import Cell, Milliseconds


class ProjectingStore(DynamoStore):
    """Its records do not trail the log, because every question waits for the projector."""

    _projector: RecordProjector
    _task: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, settings: DynamoSettings, canvas: str, size: Size | None, *, epoch: str | None = None
    ) -> Self:
        store = await super().open(settings, canvas, size, epoch=epoch)
        store._projector = store.projector()
        store._task = asyncio.create_task(store._projector.run())
        return store

    async def append(self, batch: EventBatch) -> None:
        await super().append(batch)
        self._projector.offer(batch)

    async def prune(self, before: Milliseconds) -> int:
        await self._projector.settle()
        return await super().prune(before)

    async def record(self, cell: Cell) -> PixelRecord | None:
        await self._projector.settle()
        return await super().record(cell)

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        await self._projector.settle()
        return await super().history(cell, limit)

    async def totals(self, top: int) -> Totals:
        await self._projector.settle()
        return await super().totals(top)

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        await self._projector.settle()
        return await super().audit(query, limit)

    async def locks(self) -> list[LockRecord]:
        await self._projector.settle()
        return await super().locks()

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await super().close()
