"""The log as one process reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from pixels_core.errors import BatchConflict, StoreUnavailable
from pixels_core.rules.events import EventBatch
from tests.sim.real_host.fault_rates import IDENTITY, LATE_WRITE_S

if TYPE_CHECKING:
    from tests.sim.real_host.process import Process
    from tests.sim.real_host.world import RealWorld


class Disk:
    """The log as one process reaches it: it fails, takes its time, and ends with its process.

    Args:
        world: has the contents.
        process: whose it is.
    """

    def __init__(self, world: RealWorld, process: Process) -> None:
        self._world = world
        self._process = process
        self.identity = IDENTITY

    async def append(self, batch: EventBatch) -> None:
        """Append; or fail, or die, with the batch written or not."""
        world, fault_rates = self._world, self._world.fault_rates
        await self._reach("crash before append")
        try:
            await asyncio.sleep(world.span(fault_rates.append))
        except asyncio.CancelledError:
            if world.happens("write landed at death", 0.5):
                with suppress(BatchConflict):
                    world.commit(batch)
            raise
        if world.happens("append fails, nothing written", fault_rates.lost):
            raise StoreUnavailable
        if world.happens("append fails, batch under way", fault_rates.overdue):
            world.loop.call_later(world.span(LATE_WRITE_S), self._land, batch, world.fences)
            raise StoreUnavailable
        await self._reach("crash in append")
        world.commit(batch)
        await self._reach("crash after append")
        if world.dice.random() < 0.3:
            await asyncio.sleep(world.span(fault_rates.append))
        if world.happens("append fails, batch written", fault_rates.unknown):
            raise StoreUnavailable

    def _land(self, batch: EventBatch, fences: int) -> None:
        """Write a batch that nobody waits for any more."""
        if self._world.fences != fences:
            self._world.counts["late write fenced"] += 1
            return
        with suppress(BatchConflict):
            self._world.commit(batch)
            self._world.counts["late write landed"] += 1

    async def fence(self, after: int) -> None:
        """Keep from the log what is still under way, or fail."""
        await self._reach("crash in recovery")
        await self._world.store.fence(after)
        self._world.fences += 1

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield batches, or fail somewhere on the way."""
        await self._reach("crash in recovery", reading=True)
        async for batch in self._world.store.read(after):
            if self._world.happens("read fails", self._world.fault_rates.read_fails / 20):
                raise StoreUnavailable
            yield batch

    async def number_before(self, time: int) -> int:
        """Return a batch number, or fail."""
        await self._reach("crash in recovery", reading=True)
        return await self._world.store.number_before(time)

    async def snapshots(self) -> list[bytes]:
        """Return the snapshots, or fail."""
        await self._reach("crash in recovery", reading=True)
        return await self._world.store.snapshots()

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot, or fail."""
        await self._reach("crash before saving")
        await self._world.store.save_snapshot(batch_number, data)

    async def prune(self, before: int) -> int:
        """Forget old batches, or fail."""
        await self._reach("crash before pruning")
        return await self._world.store.prune(before)

    async def close(self) -> None:
        """Let go of nothing."""

    async def _reach(self, crash: str, *, reading: bool = False) -> None:
        world = self._world
        await asyncio.sleep(0)
        if not self._process.dead and world.happens(crash, world.fault_rates.crash):
            self._process.die()
        if self._process.dead:
            await world.loop.create_future()
        if world.loop.time() < world.out_until:
            world.counts["log out of reach"] += 1
            raise StoreUnavailable
        if reading and world.happens("read fails", world.fault_rates.read_fails):
            raise StoreUnavailable
