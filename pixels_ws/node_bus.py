"""A node's end of the bus: it sends commands to the sequencer, and brings batches and verdicts back to the hub.

Batches reach the hub in order and without gap: what the outbox lacks (it is short, and Redis may forget it at any
time) is read from the log. No sign of life for `SILENCE_MS`, or no Redis, and the canvas is degraded: placements are
refused at once. What was sent before stays open until a verdict comes; the client asks again under the same id.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from pixels_core.adapters.redis_bus import Head, RedisBus
from pixels_core.commands import Command
from pixels_core.effects import Refused, Verdict
from pixels_core.errors import BusUnavailable, PixelsError, ReasonCode
from pixels_core.events import EventBatch
from pixels_core.ports import Clock, EventLog
from pixels_core.protocol.messages import RETAINED_MS, Mode
from pixels_core.sequencer import Answer
from pixels_core.units import Milliseconds

from .sequencer_host import Ticket

logger = logging.getLogger(__name__)

SILENCE_MS = 5_000
BLOCK_MS = 500
RETRY_S = 0.3
PRESENCE_S = 5.0
MAX_ENTRY = 100
"""Commands in one inbox entry; the leader always decides on whole entries."""
MAX_OPEN = 50_000
"""Commands without a verdict that a node keeps; beyond, it refuses."""


class Audience(Protocol):
    """The hub, as the bus sees it."""

    @property
    def batch_number(self) -> int:
        """Number of the last batch that it has."""
        ...

    @property
    def open_sockets(self) -> int:
        """Number of sockets open on this node."""
        ...

    def on_batch(self, batch: EventBatch) -> None:
        """Take the next batch."""
        ...

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        """Take verdicts."""
        ...

    def on_mode(self, mode: Mode) -> None:
        """Take the mode."""
        ...

    def on_behind(self, *, behind: bool) -> None:
        """Let no socket in while this node knows that it lacks batches."""
        ...

    def on_online(self, sockets: int) -> None:
        """Take the number of open sockets on all nodes."""
        ...


class NodeBus:
    """Connects one hub to the bus.

    Args:
        node: this node's name, unique among all nodes.
        bus: the canvas's bus.
        log: the canvas's log, read only.
        clock: the time.
    """

    def __init__(self, node: str, bus: RedisBus, log: EventLog, clock: Clock) -> None:
        self._node = node
        self._bus = bus
        self._log = log
        self._clock = clock
        self._audience: Audience
        self._open: dict[int, tuple[Ticket, Command, Milliseconds]] = {}
        self._next = 1
        self._outgoing: list[tuple[int, Command]] = []
        self._wake = asyncio.Event()
        self._mode = Mode.DEGRADED
        self._heard: Milliseconds | None = None

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Send a command; refused at once while the canvas is degraded."""
        if self._mode is Mode.DEGRADED or len(self._open) >= MAX_OPEN:
            self._audience.on_answers([Answer(ticket, command, Refused(ReasonCode.UNAVAILABLE))])
            return
        number, self._next = self._next, self._next + 1
        self._open[number] = (ticket, command, self._clock.now())
        self._outgoing.append((number, command))
        self._wake.set()

    async def run(self, audience: Audience) -> None:
        """Work until cancelled."""
        self._audience = audience
        await asyncio.gather(
            self._for_ever(self._send),
            self._for_ever(self._follow),
            self._for_ever(self._receive),
            self._for_ever(self._presence),
            self._watch(),
        )

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run a loop again whenever the bus or the log fails."""
        while True:
            try:
                await work()
            except PixelsError as problem:
                logger.warning("Node %s: %s", self._node, problem)
                if isinstance(problem, BusUnavailable):
                    self._heard = None
            await asyncio.sleep(RETRY_S)

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outgoing:
                entry, self._outgoing = self._outgoing[:MAX_ENTRY], self._outgoing[MAX_ENTRY:]
                await self._bus.send_commands(self._node, entry)

    async def _receive(self) -> None:
        position = "0-0"
        while True:
            position, verdicts = await self._bus.read_replies(self._node, position, BLOCK_MS)
            self._resolve(verdicts)

    def _resolve(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        answers = []
        for number, verdict in verdicts:
            known = self._open.pop(number, None)
            if known:
                ticket, command, _ = known
                answers.append(Answer(ticket, command, verdict))
        if answers:
            self._audience.on_answers(answers)

    async def _follow(self) -> None:
        position = await self._bus.outbox_end()
        await self._fill()
        while True:
            position, items = await self._bus.read_outbox(position, BLOCK_MS)
            for item in items:
                await self._take(item)

    async def _take(self, item: EventBatch | Head) -> None:
        self._heard = self._clock.now()
        number = self._audience.batch_number
        if isinstance(item, Head):
            if item.batch_number > number:
                await self._fill()
        elif item.number == number + 1:
            self._audience.on_batch(item)
        elif item.number > number + 1:
            await self._fill()

    async def _fill(self) -> None:
        """Read from the log what the outbox did not bring."""
        self._audience.on_behind(behind=True)
        async for batch in self._log.read(self._audience.batch_number):
            if batch.number == self._audience.batch_number + 1:
                self._audience.on_batch(batch)
        self._audience.on_behind(behind=False)

    async def _presence(self) -> None:
        while True:
            self._audience.on_online(await self._bus.report_online(self._node, self._audience.open_sockets))
            await asyncio.sleep(PRESENCE_S)

    async def _watch(self) -> None:
        """Keep the mode true, and forget commands whose askers have long given up."""
        while True:
            now = self._clock.now()
            alive = self._heard is not None and now - self._heard <= SILENCE_MS
            mode = Mode.LIVE if alive else Mode.DEGRADED
            if mode is not self._mode:
                self._mode = mode
                self._audience.on_mode(mode)
            while self._open:
                number, (_, _, since) = next(iter(self._open.items()))
                if now - since <= RETAINED_MS:
                    break
                del self._open[number]
            await asyncio.sleep(RETRY_S)
