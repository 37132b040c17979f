"""A node's end of the bus: it sends commands to the sequencer, and brings batches and verdicts back to the hub.

Batches reach the hub in order and without gap: what the outbox lacks (it is short, and Redis may forget it at any
time) is read from the log. No sign of life for `SILENCE_MS`, or no Redis, and the canvas is degraded: placements are
refused at once, and so is what waited here to be sent. What was sent before stays open until a verdict comes; the
client asks again under the same id, and while the first is open its repeats wait with it. So does what a new socket
says first, for that may repeat what went through another node.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.adapters.redis.bus import CLAIM_MS, MAX_ENTRY, START, Head, RedisBus
from pixels_core.errors import PixelsError, ReasonCode, StoreCorrupt, StoreUnavailable
from pixels_core.log.sequencer import Answer
from pixels_core.ports import Clock, EventLog
from pixels_core.protocol.messages import RETAINED_MS, Mode
from pixels_core.rules.commands import Command
from pixels_core.rules.effects import Refused
from pixels_core.rules.events import EventBatch
from pixels_core.units import Milliseconds
from pixels_ws.ports import NodeAudience, Ticket
from pixels_ws.sockets.connection import Connection
from pixels_ws.sockets.log_once import LogOnce

from .open_commands import OpenCommands

logger = logging.getLogger(__name__)

SILENCE_MS = 5_000
CLAIM_AGAIN_MS = CLAIM_MS // 4
BLOCK_MS = 500
RETRY_S = 0.3
WATCH_S = 0.1
PRESENCE_S = 5.0
REPEATING_MS = 2_000
"""A client that has reconnected begins with what has no answer, whichever node it had sent that to before."""
SETTLE_S = 1.0
"""How long a node that stops waits for the verdicts that are still to come."""
MAX_OPEN = 50_000
"""Commands without a verdict that a node keeps; beyond, it refuses."""


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
        self._audience: NodeAudience
        self._open = OpenCommands()
        self._wake = asyncio.Event()
        self._mode = Mode.DEGRADED
        self._heard: Milliseconds | None = None

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Send a command; refused at once while the canvas is degraded, unless it may repeat one that was sent."""
        now = self._clock.now()
        repeat = self._open.repeats(command) or self._may_repeat(ticket, now)
        refused = self._mode is Mode.DEGRADED and not repeat
        if refused or len(self._open) >= MAX_OPEN:
            self._audience.on_answers([Answer(ticket, command, Refused(ReasonCode.UNAVAILABLE))])
            return
        self._open.add(ticket, command, now, repeat=repeat)
        self._wake.set()

    @staticmethod
    def _may_repeat(ticket: Ticket, now: Milliseconds) -> bool:
        """Say whether a socket is so new that it may be repeating what it had said on another node."""
        return isinstance(ticket, Connection) and now - ticket.opened <= REPEATING_MS

    def attach(self, audience: NodeAudience) -> None:
        """Say whom to tell; to be called once, before anything else. The canvas is degraded until somebody leads."""
        self._audience = audience
        audience.on_mode(self._mode)

    async def run(self) -> None:
        """Work until cancelled; raises whatever trying again cannot mend."""
        loops = (self._send, self._follow, self._receive, self._presence)
        tasks = [asyncio.create_task(self._for_ever(work)) for work in loops]
        tasks.append(asyncio.create_task(self._watch()))
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel_and_wait(*tasks)
        for task in ended:
            task.result()

    async def settled(self) -> None:
        """Wait until nothing is open, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while len(self._open):  # noqa: ASYNC110  # seldom enough
                    await asyncio.sleep(BLOCK_MS / 10_000)

    async def leave(self) -> None:
        """Say goodbye to the other nodes, where they can be reached."""
        with suppress(PixelsError):
            await self._bus.leave(self._node)

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run a loop again whenever the bus or the log fails; a log that is damaged is no passing trouble."""
        log_once = LogOnce(logger, f"Node {self._node}")
        while True:
            try:
                await work()
            except StoreCorrupt:
                raise
            except PixelsError as problem:
                log_once.add(problem)
                if not isinstance(problem, StoreUnavailable):
                    self._heard = None
            await asyncio.sleep(RETRY_S)

    async def _send(self) -> None:
        while True:
            entry = self._open.entry(MAX_ENTRY)
            if entry:
                await self._bus.send_commands(self._node, entry)
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _receive(self) -> None:
        position = START
        while True:
            position, verdicts = await self._bus.read_replies(self._node, position, BLOCK_MS)
            answers = [self._open.answer(number, verdict) for number, verdict in verdicts]
            known = [answer for answer in answers if answer]
            if known:
                self._audience.on_answers(known)

    async def _follow(self) -> None:
        claimed = await self._claim()
        position = await self._bus.outbox_end()
        await self._fill()
        while True:
            position, items = await self._bus.read_outbox(position, BLOCK_MS)
            if self._clock.now() - claimed >= CLAIM_AGAIN_MS:  # also of a node that stood still meanwhile
                claimed = await self._claim()
            for item in items:
                await self._take(item)

    async def _claim(self) -> Milliseconds:
        """Make sure that what comes is of our log, and go on keeping the bus for it; returns when that was."""
        now = self._clock.now()
        await self._bus.claim(self._log.identity.epoch)
        return now

    async def _take(self, item: EventBatch | Head) -> None:
        number = self._audience.batch_number
        if isinstance(item, Head):
            if item.batch_number > number:
                await self._fill()
        elif item.number == number + 1:
            self._audience.on_batch(item)
        elif item.number > number + 1:
            await self._fill()
        self._heard = self._clock.now()

    async def _fill(self) -> None:
        """Read from the log what the outbox did not bring; where that fails, this node stays behind."""
        self._audience.on_behind(behind=True)
        async for batch in self._log.read(self._audience.batch_number):
            wanted = self._audience.batch_number + 1
            if batch.number > wanted:
                raise StoreCorrupt(
                    f"The log goes on with batch {batch.number}; this node still needs batch {wanted}."
                )
            if batch.number == wanted:
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
            self._set_mode(Mode.LIVE if alive else Mode.DEGRADED)
            self._open.forget(now - RETAINED_MS)
            await asyncio.sleep(WATCH_S)

    def _set_mode(self, mode: Mode) -> None:
        if mode is self._mode:
            return
        self._mode = mode
        self._audience.on_mode(mode)
        if mode is Mode.DEGRADED:
            self._audience.on_answers(self._open.refuse_unsent())
