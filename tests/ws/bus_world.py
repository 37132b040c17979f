"""Leaders and nodes in one process, over a real Redis and one log in memory."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.hosting.clock import ManualClock, SteadyClock
from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.adapters.redis.bus import START, RedisBus
from pixels_core.log.sequencer import Answer
from pixels_core.ports import Clock
from pixels_core.protocol.messages import Mode, Role
from pixels_core.rules.commands import Actor, Command, PlacePixel
from pixels_core.rules.effects import Verdict
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import DEFAULT_LIMITS
from pixels_ws.ports import Ticket
from pixels_ws.sequencing.leader import Leader
from pixels_ws.sequencing.node_bus import NodeBus
from tests.support.builders import IDENTITY
from tests.ws.world import FaultyLog

ADA = Actor(user="ada", role=Role.PAINTER)
PATIENCE_S = 15.0


def pixel(request: int, color: int = 1, actor: Actor = ADA) -> PlacePixel:
    """Return a placement."""
    return PlacePixel(actor, request, request % 16, request // 16 % 12, color)


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # whatever becomes true has no event of its own
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run some tasks until the block ends."""
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    try:
        yield tasks
    finally:
        await cancel_and_wait(*tasks)


class Hearer:
    """An audience that writes everything down."""

    def __init__(self) -> None:
        self.batch_number = 0
        self.open_sockets = 3
        self.answers: dict[int, Verdict] = {}
        self.batches: list[EventBatch] = []
        self.modes: list[Mode] = []
        self.behind: list[bool] = []
        self.online: list[int] = []

    def on_batch(self, batch: EventBatch) -> None:
        assert batch.number == self.batch_number + 1, "a gap, or a batch twice"
        self.batch_number = batch.number
        self.batches.append(batch)

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        for answer in answers:
            assert isinstance(answer.command, PlacePixel)
            self.answers[answer.command.request] = answer.verdict

    def on_mode(self, mode: Mode) -> None:
        self.modes.append(mode)

    def on_behind(self, *, behind: bool) -> None:
        self.behind.append(behind)

    def on_online(self, sockets: int) -> None:
        self.online.append(sockets)


class Asker:
    """A ticket; the hearer has its answer."""

    def resolve(self, _answer: Answer[Ticket], /) -> None:
        raise AssertionError("the audience resolves tickets")


class BusWorld:
    """What a test can reach."""

    def __init__(self, redis: RedisServer, stack: AsyncExitStack) -> None:
        self.redis = redis
        self.log = FaultyLog()
        self._stack = stack
        self._names = itertools.count(1)
        self.bus = self.new_bus()

    def new_bus(self) -> RedisBus:
        """Return a bus with connections of its own."""
        bus = RedisBus.connect(self.redis.url, IDENTITY.canvas)
        self._stack.push_async_callback(bus.close)
        return bus

    def leader(self, clock: Clock | None = None, log: FaultyLog | None = None) -> Leader:
        """Return a candidate that does not run yet."""
        name = f"leader{next(self._names)}"
        return Leader(name, log or self.log, self.new_bus(), clock or SteadyClock(), DEFAULT_LIMITS)

    def node(self) -> NodeBus:
        """Return a node's end of the bus, which does not run yet."""
        return NodeBus(f"node{next(self._names)}", self.new_bus(), self.log, SteadyClock())

    async def ask(self, *commands: Command, node: str = "n") -> dict[int, Verdict]:
        """Send one entry and wait for the verdict on each of its commands."""
        await self.bus.send_commands(node, list(enumerate(commands)))
        return await self.verdicts(node, len(commands))

    async def verdicts(self, node: str, count: int) -> dict[int, Verdict]:
        """Wait for verdicts; a command that gets a second one fails."""
        found: dict[int, Verdict] = {}
        position = START
        deadline = time.monotonic() + PATIENCE_S
        while len(found) < count:
            assert time.monotonic() < deadline, f"only {found}"
            position, pairs = await self.bus.read_replies(node, position, 200)
            assert not set(found) & {number for number, _ in pairs}
            found.update(pairs)
        with suppress(Exception):
            await self.bus.forget_replies(node)
        return found


@asynccontextmanager
async def bus_world(redis: RedisServer) -> AsyncIterator[BusWorld]:
    """Open one until the block ends."""
    async with AsyncExitStack() as stack:
        yield BusWorld(redis, stack)


__all__ = ["ADA", "Asker", "BusWorld", "Hearer", "ManualClock", "bus_world", "eventually", "pixel", "running"]
