"""A candidate for sequencing a canvas: it waits for the lease, leads while it holds it, and hands it over.

The lease makes two leaders rare. What makes them harmless is the log, which accepts a batch number once, and the bus,
which publishes nothing for a node that lost the lease: whoever is second drops what it has in memory and starts over.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from pixels_core.adapters.hosting.stores import Projector, projector_of
from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.adapters.redis.bus import MAX_ENTRY, READ_COUNT, InboxEntry, RedisBus
from pixels_core.adapters.redis.lease import Lease
from pixels_core.errors import BatchConflict, BusUnavailable, PixelsError
from pixels_core.log.recovery import take_over
from pixels_core.log.sequencer import MAX_BATCH, Answer, Sequencer
from pixels_core.log.snapshot_codec import capture
from pixels_core.ports import Clock, EventLog
from pixels_core.rules.effects import Verdict
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import Limits
from pixels_core.units import Milliseconds
from pixels_ws.sockets.log_once import LogOnce

from .term_clock import TermClock

logger = logging.getLogger(__name__)

LEASE_MS = 3_000
RENEW_MS = 1_000
RETRY_S = 0.2
STEP_BACK_S = 1.0
"""How long a candidate lets others try first after the log has failed it: perhaps they can reach it."""
ANNOUNCE_MS = 500
IDLE_BLOCK_MS = 100
SNAPSHOT_MS = 1_000
ENTRY_LIFE_MS = 30_000
"""Commands that waited longer are passed over: their askers have asked again, or have been told to look."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a command came from; `last` marks the last command of its inbox entry."""

    node: str
    number: int
    position: str
    last: bool


class Leader:
    """Runs the sequencer of one canvas whenever this node holds the lease.

    Args:
        node: this node's name.
        log: the canvas's log.
        bus: the canvas's bus.
        clock: the local time, which must not step; only spans of it count, moments come from Redis.
        default_limits: limits in force until a moderator sets others.
        observe_commit: called with the seconds that each commit took.
    """

    def __init__(
        self,
        node: str,
        log: EventLog,
        bus: RedisBus,
        clock: Clock,
        default_limits: Limits,
        observe_commit: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._log = log
        self._bus = bus
        self._clock = clock
        self._default_limits = default_limits
        self._observe_commit = observe_commit
        self._lease = bus.lease(node, LEASE_MS)
        self._node = node
        self._stopping = False
        self._log_once = LogOnce(logger, f"Node {node} does not lead")
        self.leading = False

    def stop(self) -> None:
        """Let `run` finish its commit in flight, hand the lease over and return."""
        self._stopping = True

    async def run(self) -> None:
        """Wait for the lease and lead, again and again, until `stop`; failures are logged and tried again."""
        while not self._stopping:
            pause = RETRY_S
            try:
                if await self._lease.acquire():
                    await self._lead()
            except PixelsError as problem:
                self._log_once.add(problem)
                if not isinstance(problem, BusUnavailable | BatchConflict):
                    pause = STEP_BACK_S
            if not self._stopping:
                await asyncio.sleep(pause)

    async def _lead(self) -> None:
        projector = projector_of(self._log)
        tasks = [asyncio.create_task(_renew(self._lease))]
        if projector:
            tasks.append(asyncio.create_task(projector.run()))
        started = time.perf_counter()
        try:
            term = await self._begin_term(projector)
            self.leading = True
            self._log_once.over()
            spent = time.perf_counter() - started
            logger.info(
                "Node %s leads term %d from batch %d after %.3f s", self._node, self._lease.term, term.head, spent
            )
            while not self._stopping and not any(task.done() for task in tasks):
                await term.step()
            for task in tasks:
                if task.done():
                    await task  # raises what broke it
        finally:
            self.leading = False
            await cancel_and_wait(*tasks)
            await self._release()

    async def _begin_term(self, projector: Projector | None) -> _Term:
        await self._bus.claim(self._log.identity.epoch)
        clock = TermClock(self._clock, await self._bus.now())
        recovered = await take_over(self._log, clock.now(), self._default_limits)  # who cannot write stops here
        clock.at_least(recovered.state.time)
        # Ten busy minutes take seconds to learn, in which the lease is to be renewed and sockets to be served.
        engine = await asyncio.to_thread(Engine, recovered.state, recovered.recent, await self._bus.told())
        sequencer: Sequencer[_Origin] = Sequencer(engine)
        position = await self._bus.position()

        def committed(batch: EventBatch, seconds: float) -> None:
            self._observe_commit(seconds)
            if projector:
                projector.offer(batch)

        return _Term(self._bus, self._log, self._lease, sequencer, clock, position, committed)

    async def _release(self) -> None:
        try:
            await self._lease.release()
        except PixelsError as problem:
            self._log_once.add(problem)


async def _renew(lease: Lease) -> None:
    """Keep the lease until it is lost; ends then."""
    while True:
        await asyncio.sleep(RENEW_MS / 1000)
        try:
            await lease.renew()
        except PixelsError as problem:
            logger.warning("The lease was not renewed: %s", problem)
            return


class _Term:
    """One term of leadership: reads the inbox, commits, publishes."""

    def __init__(
        self,
        bus: RedisBus,
        log: EventLog,
        lease: Lease,
        sequencer: Sequencer[_Origin],
        clock: TermClock,
        position: str,
        committed: Callable[[EventBatch, float], None],
    ) -> None:
        self._bus = bus
        self._log = log
        self._lease = lease
        self._sequencer = sequencer
        self._clock = clock
        self._read_to = position
        self._answered_to = position
        self._committed = committed
        self._announced = self._kept = 0
        self._kept_seq = -1

    @property
    def head(self) -> int:
        """Number of the newest batch."""
        return self._sequencer.engine.state.batch_number

    async def step(self) -> None:
        """Read what there is, commit when it is due, and give a sign of life now and then."""
        due = self._sequencer.due_at()
        block = IDLE_BLOCK_MS if due is None else due - self._clock.now()
        if block > 0:
            await self._read(block)
        else:
            while await self._read(0):  # all that came during a slow commit, or the queue would only ever grow
                pass
            await self._commit()
        await self._send_leader_heartbeat()

    async def _read(self, block: Milliseconds) -> bool:
        """Read entries for at most `block`, but never more than one batch can take; says whether there may be more.

        So every batch decides on whole entries, and no verdict that is out is ever decided on again.
        """
        count = min(READ_COUNT, (MAX_BATCH - self._sequencer.waiting) // MAX_ENTRY)
        if count == 0:
            await asyncio.sleep(block / 1000)
            return False
        entries = await self._bus.read_inbox(self._read_to, count, block)
        for entry in entries:
            await self._take_in(entry)
        return len(entries) == count

    async def _take_in(self, entry: InboxEntry) -> None:
        self._read_to = entry.position
        if await self._is_too_old(entry):
            return
        count = len(entry.commands)
        for index, (number, command) in enumerate(entry.commands, 1):
            origin = _Origin(entry.node, number, entry.position, last=index == count)
            self._sequencer.submit(origin, command, self._clock.now())

    async def _is_too_old(self, entry: InboxEntry) -> bool:
        """Say whether an entry waited too long; where it seems so, the bus is asked whether its clock was moved."""
        came = self._bus.time_of(entry.position)
        if self._clock.bus_now() - came <= ENTRY_LIFE_MS:
            return False
        self._clock.heard(await self._bus.now())
        return self._clock.bus_now() - came > ENTRY_LIFE_MS

    async def _commit(self) -> None:
        work = self._sequencer.begin(self._clock.now())
        answers = work.answers
        if work.batch:
            started = time.perf_counter()
            await self._log.append(work.batch)
            self._committed(work.batch, time.perf_counter() - started)
            answers = self._sequencer.committed()
        verdicts: dict[str, list[tuple[int, Verdict]]] = defaultdict(list)
        for answer in answers:
            verdicts[answer.ticket.node].append((answer.ticket.number, answer.verdict))
        self._answered_to = _position_after(answers, self._answered_to)
        await self._bus.publish(self._lease, work.batch, verdicts, self._answered_to, self.head)
        self._sequencer.published(self._clock.now())

    async def _send_leader_heartbeat(self) -> None:
        now = self._clock.now()
        if now - self._announced >= ANNOUNCE_MS:
            self._announced = now
            await self._bus.announce(self.head)
        state = self._sequencer.engine.state
        if now - self._kept >= SNAPSHOT_MS and state.seq != self._kept_seq:
            self._kept, self._kept_seq = now, state.seq
            held = capture(state)
            await self._bus.save_snapshot(state.seq, await asyncio.to_thread(held.pack))


def _position_after(answers: list[Answer[_Origin]], before: str) -> str:
    """Return the last inbox entry all of whose commands are answered."""
    done = [answer.ticket.position for answer in answers if answer.ticket.last]
    return done[-1] if done else before
