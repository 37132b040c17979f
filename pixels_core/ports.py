"""Ports: what the core needs from the world, as protocols. `pixels_core.adapters` has the implementations.

One contract suite (`tests/contract`) runs against every implementation of a port.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .commands import Command
from .effects import Verdict
from .events import EventBatch
from .protocol.messages import Mode
from .state import CanvasIdentity, CanvasState
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
