"""The store of a standalone server: one canvas in one SQLite file, durable at every commit.

Commits run on one thread with one connection, queries on another thread with a read-only connection: a long history
never delays a commit, and the event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ReasonCode, StoreCorrupt, StoreUnavailable
from pixels_core.log.batch_codec import unpack_batch
from pixels_core.log.pruning import covered_by
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord, PixelRecord, Totals
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasIdentity
from pixels_core.units import Cell, Milliseconds

from . import moderation_records as moderation
from . import reads, writes
from .connect import connect_reader, connect_writer
from .directory_lock import DirectoryLock
from .schema import DATABASE_FILE, read_identity
from .thread import SqliteThread, damaged

T = TypeVar("T")


class SqliteStore:
    """All ports of a store, for one canvas; make it with `open` or `open_readonly`.

    Every method raises StoreUnavailable where the disk fails; it works again as soon as the disk does.
    """

    _identity: CanvasIdentity

    def __init__(
        self, file: Path, reader: SqliteThread, writer: SqliteThread | None, lock: DirectoryLock | None
    ) -> None:
        self._file = file
        self._reader = reader
        self._writer = writer
        self._lock = lock
        self._checkpoints = writes.Checkpoints()

    @classmethod
    async def open(cls, directory: Path, canvas: str, size: Size, *, epoch: str | None = None) -> SqliteStore:
        """Open a canvas as its only server, creating it where there is none; `epoch` is for a new one.

        Raises:
            StoreLocked: another server has the directory.
            StoreCorrupt: the file is damaged.
            ConfigurationError: the directory cannot be used, or holds another canvas, size or a newer version.
        """
        file = directory / DATABASE_FILE
        lock = await asyncio.to_thread(DirectoryLock.acquire, directory)
        return await cls._opened(file, SqliteThread(file, lambda: connect_writer(file, canvas, size, epoch)), lock)

    @classmethod
    async def open_readonly(cls, directory: Path) -> SqliteStore:
        """Open a canvas to read it, also while a server runs; whatever writes is refused.

        Raises ConfigurationError where there is no canvas, StoreCorrupt where it is damaged.
        """
        return await cls._opened(directory / DATABASE_FILE)

    @classmethod
    async def _opened(
        cls, file: Path, writer: SqliteThread | None = None, lock: DirectoryLock | None = None
    ) -> SqliteStore:
        store = cls(file, SqliteThread(file, lambda: connect_reader(file)), writer, lock)
        try:
            if writer:
                await writer.run(lambda _: None)  # creates what the reader opens
            store._identity = await store._reader.run(lambda connection: read_identity(connection, file))
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def identity(self) -> CanvasIdentity:
        """Which canvas the log is of."""
        return self._identity

    async def append(self, batch: EventBatch) -> None:
        """Make a batch durable, with its records; raises BatchConflict, and changes nothing, unless it is next."""
        await self._write(lambda connection: writes.append_batch(connection, batch))

    async def fence(self, after: int) -> None:
        """Wait for what the thread that writes has begun; raises BatchConflict unless `after` is the head."""
        await self._write(lambda connection: writes.check_head(connection, after))

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._writer is None:
            raise StoreUnavailable(f"{self._file} was opened for reading only.", ReasonCode.READ_ONLY)
        result = await self._writer.run(work)
        self._writer.later(self._checkpoints.when_due)
        return result

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield the batches above `after`, in order; raises StoreCorrupt at a damaged or missing one."""
        last: int | None = None
        while True:
            batches, problem = await self._reader.run(partial(self._unpacked, after=after, last=last))
            for batch in batches:
                yield batch
            if problem:
                raise problem
            if not batches:
                return
            after = last = batches[-1].number

    def _unpacked(
        self, connection: sqlite3.Connection, after: int, last: int | None
    ) -> tuple[list[EventBatch], StoreCorrupt | None]:
        """Return some batches and, where they end at a damaged or missing one, the error to raise after them."""
        batches: list[EventBatch] = []
        for number, payload in reads.packed_batches(connection, after):
            try:
                batch = unpack_batch(payload)
            except StoreCorrupt as problem:
                return batches, damaged(self._file, f"batch {number}: {problem}")
            if batch.number != number or number != (number if last is None else last + 1):
                return batches, damaged(self._file, f"batch {number} is not the one that should be there")
            batches.append(batch)
            last = number
        return batches, None

    async def number_before(self, time: Milliseconds) -> int:
        """Return the number of the newest batch older than `time`, or of the one before the oldest kept."""
        return await self._reader.run(lambda connection: reads.number_before(connection, time))

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot; the two newest are kept."""
        await self._write(lambda connection: writes.save_snapshot(connection, batch_number, data))

    async def snapshots(self) -> list[bytes]:
        """Return the kept snapshots, the newest first."""
        return await self._reader.run(reads.snapshots)

    async def prune(self, before: Milliseconds) -> int:
        """Forget old batches that the oldest kept snapshot covers, and their history; returns how many batches.

        It goes in small steps, and commits pass between them. Records, counters and the audit stay.
        """
        last = await self._reader.run(lambda connection: covered_by(reads.snapshots(connection), self._identity))
        pruned = 0
        while some := await self._write(lambda connection: writes.prune_some(connection, last, before)):
            pruned += some
        return pruned

    async def record(self, cell: Cell) -> PixelRecord | None:
        """Return the newest placement in a cell."""
        return await self._reader.run(lambda connection: reads.record(connection, cell))

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        """Return the placements in a cell, the newest first, as far back as the log is kept."""
        return await self._reader.run(lambda connection: reads.history(connection, cell, limit))

    async def totals(self, top: int) -> Totals:
        """Return the counts; of equally active users the first in the order of their ids leads."""
        return await self._reader.run(lambda connection: reads.totals(connection, top))

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        """Return what moderators did, the newest first."""
        return await self._reader.run(lambda connection: moderation.audit(connection, query, limit, self._file))

    async def locks(self) -> list[LockRecord]:
        """Return the active locks, the oldest first."""
        return await self._reader.run(lambda connection: moderation.locks(connection, self._file))

    async def remember(self, user: str, name: str | None) -> None:
        """Set or clear a user's display name."""
        await self._write(lambda connection: writes.remember_name(connection, user, name))

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those users who have one."""
        wanted = list(dict.fromkeys(users))
        return await self._reader.run(lambda connection: reads.names(connection, wanted))

    async def close(self) -> None:
        """Finish the commits in flight, fold the write-ahead log into the file, and let another server have it."""
        await self._reader.close()
        if self._writer:
            await self._writer.close()  # as the last connection it checkpoints, and removes the write-ahead log
        if self._lock:
            self._lock.release()
