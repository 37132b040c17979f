"""The log, as bad as it can be: it fails before or after writing, and tells the ledger what it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import StoreUnavailable
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasIdentity
from pixels_core.units import Milliseconds
from tests.sim.ledger import Ledger
from tests.sim.world import World


class FailingStore(MemoryStore):
    """An event log in memory that outlives every process and fails now and then.

    Args:
        identity: the canvas that the log is of.
        world: when it fails.
        ledger: is told of every batch that was written.
    """

    def __init__(self, identity: CanvasIdentity, world: World, ledger: Ledger) -> None:
        super().__init__(identity)
        self._world = world
        self._ledger = ledger
        self._damaged = False
        self.out_until: Milliseconds = 0

    async def append(self, batch: EventBatch) -> None:
        """Append, or fail and have it written or not."""
        self._reach()
        world = self._world
        if world.happens("append fails, nothing written", world.fault_rates.append_lost):
            raise StoreUnavailable
        await super().append(batch)
        self._ledger.commit(batch)
        world.note("log", f"holds batch {batch.number}:", *batch.events)
        if world.happens("append fails, batch written", world.fault_rates.append_unknown):
            raise StoreUnavailable

    async def fence(self, after: int) -> None:
        """Let nothing older through, or fail."""
        self._reach()
        await super().fence(after)

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield batches, or fail somewhere on the way."""
        self._reach()
        async for batch in super().read(after):
            if self._world.happens("read fails", self._world.fault_rates.read_fails / 20):
                raise StoreUnavailable
            yield batch

    async def snapshots(self) -> list[bytes]:
        """Return the snapshots, or fail."""
        self._reach()
        return await super().snapshots()

    async def number_before(self, time: Milliseconds) -> int:
        """Return a batch number, or fail."""
        self._reach()
        if self._world.happens("read fails", self._world.fault_rates.read_fails):
            raise StoreUnavailable
        return await super().number_before(time)

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot; one in a run is damaged on its way to the disk, as long as another one is whole."""
        self._reach()
        if self._snapshots and not self._damaged and self._world.happens("snapshot damaged", 0.1):
            self._damaged = True
            data = data[:-1] + bytes((data[-1] ^ 1,))
        await super().save_snapshot(batch_number, data)

    def _reach(self) -> None:
        if self._world.now < self.out_until:
            self._world.counts["log out of reach"] += 1
            raise StoreUnavailable
