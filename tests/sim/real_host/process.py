"""One life of the server, with the real host and hub."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pixels_core.errors import PixelsError, ReasonCode
from pixels_core.stream.projection import Projection
from pixels_ws.hub import Hub
from pixels_ws.sequencing.sequencer_host import SequencerHost
from tests.sim.real_host.disk import Disk
from tests.sim.real_host.fault_rates import GRACE_S, STALL_MS, SWEEP_S

if TYPE_CHECKING:
    from tests.sim.real_host.wire import Wire
    from tests.sim.real_host.world import RealWorld


class Process:
    """One life of the server.

    Args:
        world: where it lives.
    """

    def __init__(self, world: RealWorld) -> None:
        self.world = world
        self.dead = False
        self.accepting = False
        self.hub: Hub | None = None
        self.wires: dict[Wire, None] = {}
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._host = SequencerHost(Disk(world, self), world.clock, world.limits)
        self.spawn(self._live())

    def spawn(self, work: Any) -> None:
        """Do something until it is done or the process dies."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks[task] = None
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        problem = None if task.cancelled() else task.exception()
        if problem:
            self.world.problems.append(problem)

    async def _live(self) -> None:
        try:
            recovered = await self._host.start()
        except PixelsError:
            self.die()
            return
        world = self.world
        self.hub = Hub(Projection(recovered.state, recovered.recent), self._host, world.clock, world.metrics)
        self.accepting = True
        self.spawn(self._sweep(self.hub))
        await self._host.run(self.hub)

    async def _sweep(self, hub: Hub) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            hub.sweep(self.world.clock.now(), STALL_MS)

    def stop(self) -> None:
        """End as on SIGTERM."""
        self.accepting = False
        self.spawn(self._drain())

    async def _drain(self) -> None:
        assert self.hub
        self._host.stop()
        await self._host.stopped()
        self.hub.close_all(ReasonCode.SHUTTING_DOWN)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hub.emptied(), GRACE_S)
        self.die()

    def die(self) -> None:
        """End as on SIGKILL: nothing more is written or said, whatever the code goes on to do."""
        if self.dead:
            return
        self.dead, self.accepting = True, False
        for task in list(self._tasks):
            task.cancel()
        for wire in list(self.wires):
            wire.break_off()
        self.world.ended()
