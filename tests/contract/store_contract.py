"""The stores that the contract suite runs against. A new one joins by one line in `HARNESSES`.

A harness makes stores that begin empty, all with the identity `IDENTITY`, and reopens one as a new process would.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.ports import EventLog, ModerationRecords, PixelRecords, UserDirectory
from tests.support.builders import IDENTITY
from tests.support.dynamodb_local import local_settings, shared_endpoint
from tests.support.projecting_store import ProjectingStore


class Store(EventLog, PixelRecords, ModerationRecords, UserDirectory, Protocol):
    """What a server keeps of a canvas: all four ports in one."""


class Harness(ABC):
    """One empty place for one store; `directory` is a folder of its own that it may use."""

    history_kept: int | None = None
    """How many placements of a cell the store keeps at least; None: as many as the log."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @abstractmethod
    async def open(self) -> Store:
        """Open the store: empty at first, afterwards with what was there when it was closed."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Store]:
        """Open the store and close it at the end."""
        store = await self.open()
        try:
            yield store
        finally:
            await store.close()


class MemoryHarness(Harness):
    """Memory outlives `close`, so reopening gives the same object."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._store = MemoryStore(IDENTITY)

    async def open(self) -> Store:
        return self._store


class SqliteHarness(Harness):
    async def open(self) -> Store:
        return await SqliteStore.open(self.directory, IDENTITY.canvas, IDENTITY.size, epoch=IDENTITY.epoch)


class DynamoHarness(Harness):
    """A table of its own in a real DynamoDB Local."""

    history_kept = 16

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._settings = local_settings(shared_endpoint())
        self._created = False

    async def open(self) -> Store:
        if not self._created:
            await create_table(self._settings)
            self._created = True
        return await ProjectingStore.open(self._settings, IDENTITY.canvas, IDENTITY.size, epoch=IDENTITY.epoch)


HARNESSES: dict[str, type[Harness]] = {
    "memory": MemoryHarness,
    "sqlite": SqliteHarness,
    "dynamodb": DynamoHarness,
}
