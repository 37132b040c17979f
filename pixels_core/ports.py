"""Ports: what the core needs from the world, as protocols. `pixels_core.adapters` has the implementations.

One contract suite (`tests/contract`) runs against every implementation of a port.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .protocol.messages import Mode
from .rules.commands import Command
from .rules.effects import Verdict
from .rules.events import EventBatch, ModerationEvent, RegionLocked
from .rules.locks import RegionLock
from .rules.state import CanvasIdentity, CanvasState
from .units import Cell, Color, Milliseconds, Seq


class EventLog(Protocol):
    """The log of one canvas: the truth. All methods raise StoreUnavailable where the store cannot be reached."""

    @property
    def identity(self) -> CanvasIdentity:
        """Which canvas the log is of; fixed when it was created."""
        ...

    async def append(self, batch: EventBatch) -> None:
        """Make a batch durable: when this returns, a power cut does not lose it.

        Raises BatchConflict, and changes nothing, unless the batch's number and first seq follow the log's head.
        """
        ...

    async def fence(self, after: int) -> None:
        """Make sure that no append which began before this can still come true, whoever began it.

        For whoever is going to write after batch `after`: raises BatchConflict where the log goes on beyond that, or
        where somebody else does the same at this moment. It writes, so a log that can only be read is found out.
        """
        ...

    def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield the batches with numbers above `after`, in order; raises StoreCorrupt at a damaged one."""
        ...

    async def number_before(self, time: Milliseconds) -> int:
        """Return the number of the newest batch older than `time`, or of the one before the oldest batch kept."""
        ...

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot of the state after a batch; the two newest are kept."""
        ...

    async def snapshots(self) -> list[bytes]:
        """Return the kept snapshots, the newest first."""
        ...

    async def prune(self, before: Milliseconds) -> int:
        """Forget batches older than `before` that the oldest kept snapshot covers; returns how many."""
        ...

    async def close(self) -> None:
        """Finish what is in flight and let go."""
        ...


@dataclass(frozen=True, slots=True)
class PixelRecord:
    """One placement: which colour, when, by whom, as which change."""

    cell: Cell
    color: Color
    time: Milliseconds
    user: str
    seq: Seq


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the whole log: placements, distinct users who placed, and the most active of them."""

    placements: int
    painters: int
    top_painters: tuple[tuple[str, int], ...]


class PixelRecords(Protocol):
    """A projection of the log: who placed what. It may trail the log, never lead it."""

    async def record(self, cell: Cell) -> PixelRecord | None:
        """Return the newest placement in a cell, or None where nobody placed."""
        ...

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        """Return the placements in a cell, the newest first, at most `limit`; a store may keep no more than 16."""
        ...

    async def totals(self, top: int) -> Totals:
        """Return the counts, with the `top` most active users."""
        ...


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One act of moderation, as the log had it."""

    event: ModerationEvent

    @property
    def seq(self) -> Seq:
        """Its place in the total order, and where the next page goes on."""
        return self.event.seq

    @property
    def time(self) -> Milliseconds:
        """When, in milliseconds since the Unix epoch; several may have the same."""
        return self.event.time

    @property
    def user(self) -> str:
        """Who did it."""
        return self.event.user


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which records of the audit are asked for: those that all the given fields admit."""

    before: Seq | None = None
    """Only older ones than this seq: the last one of the page before."""
    user: str | None = None
    """Only what this user did."""
    kinds: frozenset[str] = frozenset()
    """Only events of these names (`RegionLocked.name` …); empty: all."""
    since: Milliseconds | None = None
    """Only from this moment on."""
    until: Milliseconds | None = None
    """Only before this moment."""

    def admits(self, event: ModerationEvent) -> bool:
        """Say whether an event is asked for."""
        return (
            (self.before is None or event.seq < self.before)
            and (self.user is None or event.user == self.user)
            and (not self.kinds or event.name in self.kinds)
            and (self.since is None or event.time >= self.since)
            and (self.until is None or event.time < self.until)
        )


@dataclass(frozen=True, slots=True)
class LockRecord:
    """An active lock, which names who set it and why, and the change that set it.

    Seq and time are 0 where the log no longer had that change when these records were first made of it.
    """

    lock: RegionLock
    seq: Seq
    time: Milliseconds

    @classmethod
    def of(cls, event: RegionLocked) -> LockRecord:
        """Return the record of the change that sets a lock."""
        return cls(event.lock, event.seq, event.time)


class ModerationRecords(Protocol):
    """A projection of the log: what moderators did. It may trail the log, and pruning the log leaves it whole.

    Both methods raise StoreUnavailable where the store cannot be reached, StoreCorrupt where a record is damaged.
    """

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        """Return the records that are asked for, the newest first, at most `limit`."""
        ...

    async def locks(self) -> list[LockRecord]:
        """Return the active locks, the oldest first.

        A lifted lock is in none of them: who lifted it, when and why is in the audit, for ever, and so what has to be
        read here stays as small as what is locked.
        """
        ...


class UserDirectory(Protocol):
    """Display names."""

    async def remember(self, user: str, name: str | None) -> None:
        """Set or clear a user's display name."""
        ...

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those users who have one."""
        ...


class CanvasHost(Protocol):
    """What the REST tier sees of a running canvas; in one process it is the hub itself."""

    async def refresh(self) -> None:
        """Bring `state` to what is committed now; raises ServerFault where that cannot be known."""
        ...

    @property
    def state(self) -> CanvasState:
        """The committed state; read it, never change it."""
        ...

    @property
    def mode(self) -> Mode:
        """`live` or `degraded`."""
        ...

    @property
    def online(self) -> int:
        """Number of open sockets."""
        ...

    def placed_since(self, time: Milliseconds) -> int:
        """Return how many changes are younger than `time` (within the retained window)."""
        ...

    async def execute(self, command: Command) -> Verdict:
        """Put a command through the sequencer and wait for its verdict."""
        ...


class Clock(Protocol):
    """The time, for whoever hosts the core; the core itself never asks."""

    def now(self) -> Milliseconds:
        """Return milliseconds since the Unix epoch."""
        ...
