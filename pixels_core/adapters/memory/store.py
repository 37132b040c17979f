"""A store in memory, for tests and the simulation: it forgets everything with its process.

It keeps batches in their packed form and unpacks them at every read, so that whoever uses it exercises the codec too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pixels_core.errors import BatchConflict
from pixels_core.log.batch_codec import pack_batch, unpack_batch
from pixels_core.log.pruning import covered_by
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord, PixelRecord, Totals
from pixels_core.rules.events import EventBatch, RegionLocked, RegionUnlocked
from pixels_core.rules.state import CanvasIdentity
from pixels_core.units import Cell, Milliseconds, Seq

SNAPSHOTS_KEPT = 2


@dataclass(frozen=True, slots=True)
class _Entry:
    """A batch as stored, with what can be asked without unpacking it."""

    last_seq: Seq
    time: Milliseconds
    payload: bytes


class MemoryStore:
    """All ports of a store, for one canvas. `close` keeps the contents: reopening is going on.

    Args:
        identity: the canvas that the log is of.
    """

    def __init__(self, identity: CanvasIdentity) -> None:
        self._identity = identity
        self._entries: dict[int, _Entry] = {}
        self._head: tuple[int, Seq] = (0, 0)
        self._snapshots: dict[int, bytes] = {}
        self._records: dict[Cell, PixelRecord] = {}
        self._history: dict[Cell, list[PixelRecord]] = {}
        self._placed: Counter[str] = Counter()
        self._audit: list[AuditRecord] = []
        self._locks: dict[str, LockRecord] = {}
        self._names: dict[str, str] = {}

    @property
    def identity(self) -> CanvasIdentity:
        """Which canvas the log is of."""
        return self._identity

    async def append(self, batch: EventBatch) -> None:
        """Store a batch; raises BatchConflict, and changes nothing, unless it follows the head."""
        number, seq = self._head
        if batch.number != number + 1 or batch.first_seq != seq + 1:
            raise BatchConflict(
                f"Batch {batch.number} (from seq {batch.first_seq}) does not follow batch {number} (to seq {seq})."
            )
        self._entries[batch.number] = _Entry(batch.last_seq, batch.time, pack_batch(batch))
        self._head = batch.number, batch.last_seq
        self._project(batch)

    async def fence(self, after: int) -> None:
        """Raise BatchConflict unless `after` is the head; nothing is ever under way here."""
        if after != self._head[0]:
            raise BatchConflict(f"The log ends at batch {self._head[0]}, not at batch {after}.")

    def _project(self, batch: EventBatch) -> None:
        for pixel in batch.pixels():
            record = PixelRecord(pixel.cell, pixel.color, pixel.time, pixel.user, pixel.seq)
            self._records[pixel.cell] = record
            self._history.setdefault(pixel.cell, []).append(record)
            self._placed[pixel.user] += 1
        for event in batch.moderation():
            self._audit.append(AuditRecord(event))
            if isinstance(event, RegionLocked):
                self._locks[event.lock.id] = LockRecord.of(event)
            elif isinstance(event, RegionUnlocked):
                self._locks.pop(event.lock_id, None)

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield the batches above `after`; raises StoreCorrupt at a damaged one."""
        for number in range(max(after + 1, self._oldest()), self._head[0] + 1):
            yield unpack_batch(self._entries[number].payload)

    def _oldest(self) -> int:
        return next(iter(self._entries), 1)

    async def number_before(self, time: Milliseconds) -> int:
        """Return the number of the newest batch older than `time`, or of the one before the oldest kept."""
        older = [number for number, entry in self._entries.items() if entry.time < time]
        return older[-1] if older else self._oldest() - 1

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot; the two newest are kept."""
        self._snapshots[batch_number] = data
        for number in sorted(self._snapshots)[:-SNAPSHOTS_KEPT]:
            del self._snapshots[number]

    async def snapshots(self) -> list[bytes]:
        """Return the kept snapshots, the newest first."""
        return [self._snapshots[number] for number in sorted(self._snapshots, reverse=True)]

    async def prune(self, before: Milliseconds) -> int:
        """Forget old batches that the oldest kept snapshot covers, and their history; returns how many batches.

        The head stays in any case: the next batch has to follow it.
        """
        last = min(covered_by(await self.snapshots(), self._identity), self._head[0] - 1)
        doomed = [number for number, entry in self._entries.items() if number <= last and entry.time < before]
        if not doomed:
            return 0
        seq = self._entries[doomed[-1]].last_seq
        for number in doomed:
            del self._entries[number]
        for cell, records in self._history.items():
            self._history[cell] = [record for record in records if record.seq > seq]
        return len(doomed)

    async def record(self, cell: Cell) -> PixelRecord | None:
        """Return the newest placement in a cell."""
        return self._records.get(cell)

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        """Return the placements in a cell, the newest first."""
        return self._history.get(cell, [])[::-1][:limit]

    async def totals(self, top: int) -> Totals:
        """Return the counts; of equally active users the first in the order of their ids leads."""
        ranking = sorted(self._placed.items(), key=lambda entry: (-entry[1], entry[0]))
        return Totals(self._placed.total(), len(self._placed), tuple(ranking[:top]))

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        """Return what moderators did, the newest first."""
        return list(islice((record for record in reversed(self._audit) if query.admits(record.event)), limit))

    async def locks(self) -> list[LockRecord]:
        """Return the active locks, the oldest first."""
        return sorted(self._locks.values(), key=lambda record: record.seq)

    async def remember(self, user: str, name: str | None) -> None:
        """Set or clear a user's display name."""
        if name is None:
            self._names.pop(user, None)
        else:
            self._names[user] = name

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those users who have one."""
        return {user: self._names[user] for user in users if user in self._names}

    async def close(self) -> None:
        """Let go of nothing: there is nothing outside."""
