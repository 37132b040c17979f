"""Snapshots while the canvas lives."""

from __future__ import annotations

import asyncio

import pytest

from pixels_core.errors import StoreUnavailable
from pixels_core.log.snapshot_codec import pack_snapshot, unpack_snapshot
from pixels_core.rules.state import CanvasState
from pixels_ws.sequencing.snapshots import SnapshotKeeper
from tests.support.builders import IDENTITY, make_batch
from tests.ws.fake_socket import eventually
from tests.ws.world import IsolatedSettings, World

DAY_MS = 86_400_000


class Bench:
    """A keeper, and a log with as many batches as its state."""

    def __init__(self, **options: object) -> None:
        self.world = World({})
        self.log = self.world.log
        self.state = CanvasState(IDENTITY)
        settings = IsolatedSettings(**options)  # type: ignore[arg-type]
        self.keeper = SnapshotKeeper(self.state, self.log, self.world.clock, settings, self.world.metrics)

    async def change(self) -> None:
        """Commit one batch."""
        batch = make_batch(self.state.batch_number + 1)
        await self.log.append(batch)
        self.state.apply_batch(batch)

    @property
    def saved(self) -> float | None:
        return self.world.registry.get_sample_value("pixels_snapshots_total")


async def test_a_snapshot_is_the_state() -> None:
    """[LOG-3] Byte for byte, and only when something changed."""
    bench = Bench()
    await bench.keeper.save()
    assert await bench.log.snapshots() == []
    await bench.change()
    await bench.keeper.save()
    await bench.keeper.save()
    (data,) = await bench.log.snapshots()
    assert data == pack_snapshot(bench.state)
    assert unpack_snapshot(data).seq == 1
    assert bench.saved == 1


async def test_old_batches_are_forgotten_only_where_asked() -> None:
    """[LOG-6] The newest snapshots cover what goes."""
    for options, left in (({}, 3), ({"retention_days": 1}, 1)):
        bench = Bench(**options)
        for _ in range(3):
            await bench.change()
        bench.world.clock.advance(3 * DAY_MS)
        await bench.keeper.save()
        assert len([batch async for batch in bench.log.read(0)]) == left


async def test_it_works_by_itself_and_tries_again() -> None:
    """[SEQ-4] A store that fails now may work at the next turn."""
    bench = Bench(snapshot_seconds=0.005)
    await bench.change()
    bench.log.refuse_writes = True
    running = asyncio.create_task(bench.keeper.run())
    await asyncio.sleep(0.03)
    assert bench.saved == 0
    bench.log.refuse_writes = False
    await eventually(lambda: bench.saved == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_whoever_saves_by_hand_is_told_of_a_failure() -> None:
    bench = Bench()
    await bench.change()
    bench.log.refuse_writes = True
    with pytest.raises(StoreUnavailable):
        await bench.keeper.save()
