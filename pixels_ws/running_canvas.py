"""One canvas, put together and running: hub, sockets, and the way to the sequencer that the bus setting asks for."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pixels_core.adapters.hosting.clock import SteadyClock
from pixels_core.adapters.hosting.settings import BusKind, ServerSettings
from pixels_core.adapters.hosting.stores import projector_of
from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.errors import ReasonCode
from pixels_core.log.recovery import recover
from pixels_core.ports import Clock, EventLog
from pixels_core.stream.projection import Projection
from pixels_core.web.tokens import TokenSigner

from .app import SocketApp
from .hub import Hub
from .metrics import SocketMetrics
from .sequencing.sequencer_host import SequencerHost
from .sequencing.snapshots import SnapshotKeeper
from .settings import SocketSettings
from .sockets.handshake import Gatekeeper

if TYPE_CHECKING:
    from pixels_core.adapters.redis.bus import RedisBus

    from .sequencing.leader import Leader
    from .sequencing.node_bus import NodeBus

SWEEP_SECONDS = 5.0
DRAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class CanvasContext:
    """What a canvas is put into."""

    settings: SocketSettings
    server: ServerSettings
    log: EventLog
    signer: TokenSigner
    clock: Clock
    metrics: SocketMetrics


class RunningCanvas:
    """A hub with its sockets and whatever must run beside them.

    `work` ends only if something broke that cannot be mended here.
    """

    def __init__(self, hub: Hub, sockets: SocketApp, keeper: SnapshotKeeper, sequencing: _Sequencing) -> None:
        self.hub = hub
        self.sockets = sockets
        self.keeper = keeper
        self._sequencing = sequencing
        self.work: asyncio.Future[Any] = asyncio.ensure_future(sequencing.work)
        self._background: list[asyncio.Task[None]] = []

    def run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something until the canvas stops."""
        self._background.append(asyncio.create_task(work))

    async def drain(self) -> None:
        """Take no one in, finish the commit in flight, answer what waits, then ask everybody to come back."""
        self.sockets.accepting = False
        await self._sequencing.stop()
        self.hub.close_all(ReasonCode.SHUTTING_DOWN)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hub.emptied(), DRAIN_SECONDS)

    async def close(self) -> None:
        """End what runs beside; raises what broke `work`, if something did."""
        broken = self.work.done() and not self.work.cancelled()
        await cancel_and_wait(*self._background, self.work)
        await self._sequencing.close()
        if broken:
            await self.work


class _Sequencing:
    """The part that differs: in this process, or over a bus."""

    work: Coroutine[Any, Any, Any]

    async def stop(self) -> None:
        """Finish the commit in flight and hand over."""

    async def close(self) -> None:
        """Let go of connections."""


async def start_canvas(context: CanvasContext) -> RunningCanvas:
    """Read the log and put a canvas together; raises PixelsError where that is not possible."""
    return await (_start_on_bus if context.server.bus is BusKind.REDIS else _start_alone)(context)


async def _start_alone(context: CanvasContext) -> RunningCanvas:
    projector = projector_of(context.log)
    observe = context.metrics.commit_seconds.observe
    offer = projector.offer if projector else lambda _batch: None
    host = SequencerHost(context.log, context.clock, context.settings.limits, observe, offer)
    recovered = await host.start()
    hub = Hub(Projection(recovered.state, recovered.recent), host, context.clock, context.metrics)
    canvas = _canvas(context, hub, _Alone(host, hub))
    canvas.run_in_background(canvas.keeper.run())
    if projector:
        canvas.run_in_background(projector.run())
    return canvas


class _Alone(_Sequencing):
    def __init__(self, host: SequencerHost, hub: Hub) -> None:
        self._host = host
        self.work = host.run(hub)

    async def stop(self) -> None:
        self._host.stop()
        with suppress(TimeoutError):  # a log that hangs must not keep everybody else from being told
            await asyncio.wait_for(self._host.stopped(), DRAIN_SECONDS)


async def _start_on_bus(context: CanvasContext) -> RunningCanvas:
    from pixels_core.adapters.redis.bus import RedisBus  # noqa: PLC0415  # a server alone needs no Redis: it starts sooner

    from .sequencing.leader import Leader  # noqa: PLC0415
    from .sequencing.node_bus import NodeBus  # noqa: PLC0415

    settings = context.settings
    bus = RedisBus.connect(context.server.redis_url, settings.canvas)
    try:
        await bus.check()
        await bus.claim(context.log.identity.epoch)
        clock = SteadyClock(await bus.now())  # as the log's moments are: what clients see is measured by the same
        context = replace(context, clock=clock)
        recovered = await recover(context.log, clock.now(), settings.limits)
    except BaseException:
        await bus.close()
        raise
    # Never the same twice: replies to an earlier process must not be taken for this one's.
    node = f"{context.server.node or socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    node_bus = NodeBus(node, bus, context.log, clock)
    hub = Hub(Projection(recovered.state, recovered.recent), node_bus, clock, context.metrics)
    leader = Leader(node, context.log, bus, SteadyClock(), settings.limits, context.metrics.commit_seconds.observe)
    canvas = _canvas(context, hub, _OnBus(leader, node_bus, bus, hub))
    canvas.run_in_background(canvas.keeper.run(lambda: leader.leading))
    return canvas


class _OnBus(_Sequencing):
    def __init__(self, leader: Leader, node_bus: NodeBus, bus: RedisBus, hub: Hub) -> None:
        self._leader = leader
        self._node_bus = node_bus
        self._bus = bus
        self._leading = asyncio.ensure_future(leader.run())
        node_bus.attach(hub)
        self.work = self._run()

    async def _run(self) -> None:
        """Lead and follow; whatever breaks either ends both."""
        following = asyncio.ensure_future(self._node_bus.run())
        try:
            ended, _ = await asyncio.wait({self._leading, following}, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            await cancel_and_wait(following)
        for task in ended:
            task.result()

    async def stop(self) -> None:
        self._leader.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._leading), DRAIN_SECONDS)
        await self._node_bus.settled()

    async def close(self) -> None:
        await cancel_and_wait(self._leading)
        await self._node_bus.leave()
        await self._bus.close()


def _canvas(context: CanvasContext, hub: Hub, sequencing: _Sequencing) -> RunningCanvas:
    settings = context.settings
    gatekeeper = Gatekeeper(settings, context.signer, frozenset({settings.canvas}))
    sockets = SocketApp({settings.canvas: hub}, gatekeeper, context.clock, settings, context.metrics)
    keeper = SnapshotKeeper(hub.state, context.log, context.clock, settings, context.metrics)
    canvas = RunningCanvas(hub, sockets, keeper, sequencing)
    canvas.run_in_background(_sweep(hub, context))
    return canvas


async def _sweep(hub: Hub, context: CanvasContext) -> None:
    stall = int(context.settings.stall_seconds * 1000)
    while True:
        await asyncio.sleep(min(SWEEP_SECONDS, stall / 4000))
        hub.sweep(context.clock.now(), stall)
