"""The sequencer's host: it waits, writes to the log, tells how it went, and starts over when the log fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from pixels_core.commands import Command
from pixels_core.engine import Engine
from pixels_core.errors import PixelsError
from pixels_core.events import EventBatch
from pixels_core.ports import Clock, EventLog
from pixels_core.protocol.messages import Mode
from pixels_core.recovery import Recovered, recover
from pixels_core.sequencer import Answer, Phase, Sequencer
from pixels_core.state import Limits

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0


class Audience(Protocol):
    """Whoever wants to know: the hub."""

    def on_batch(self, batch: EventBatch) -> None:
        """A batch was committed."""
        ...

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        """Commands were decided on, and what they changed is committed."""
        ...

    def on_mode(self, mode: Mode) -> None:
        """The canvas became live or degraded."""
        ...


class Ticket(Protocol):
    """Who asked."""

    def resolve(self, answer: Answer[Ticket], /) -> None:
        """Take the answer."""
        ...


class SequencerHost:
    """Runs the sequencer of one canvas over its log.

    Args:
        log: the log; the host is its only writer.
        clock: the time.
        default_limits: limits in force until a moderator sets others.
        observe_commit: called with the seconds that each commit took.
    """

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        default_limits: Limits,
        observe_commit: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._log = log
        self._clock = clock
        self._default_limits = default_limits
        self._observe_commit = observe_commit
        self._wake = asyncio.Event()
        self._stopping = False
        self._stopped = asyncio.Event()
        self._published = 0
        self._audience: Audience
        self._sequencer: Sequencer[Ticket]

    async def start(self) -> Recovered:
        """Read the log and make the engine; returns a second, independent state for whoever serves clients."""
        recovered = await recover(self._log, self._clock.now(), self._default_limits)
        self._sequencer = Sequencer(await self._engine())
        self._published = recovered.state.batch_number
        return recovered

    async def _engine(self) -> Engine:
        recovered = await recover(self._log, self._clock.now(), self._default_limits)
        return Engine(recovered.state, recovered.recent)

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Put a command in; its ticket is resolved exactly once."""
        refused = self._sequencer.submit(ticket, command, self._clock.now())
        if refused:
            self._audience.on_answers([refused])
        else:
            self._wake.set()

    def tokens(self, user: str) -> float:
        """Return what the user's bucket holds."""
        return self._sequencer.engine.tokens(user, self._clock.now())

    async def run(self, audience: Audience) -> None:
        """Work until `stop`; a log that fails is tried again for ever, with the canvas degraded meanwhile."""
        self._audience = audience
        while not self._stopping:
            try:
                await self._step()
            except PixelsError as problem:
                logger.warning("The log failed, the canvas is degraded: %s", problem)
                await self._recover()
        if self._sequencer.due_at() is not None:
            await self._commit()
        self._stopped.set()

    def stop(self) -> None:
        """Let `run` finish what is in flight and waiting, and return."""
        self._stopping = True
        self._wake.set()

    async def stopped(self) -> None:
        """Wait until `run` has finished its last commit."""
        await self._stopped.wait()

    async def _step(self) -> None:
        due = self._sequencer.due_at()
        if due is None:
            self._wake.clear()
            await self._wake.wait()
            return
        delay = due - self._clock.now()
        if delay > 0:
            await asyncio.sleep(delay / 1000)
        await self._commit()

    async def _commit(self) -> None:
        work = self._sequencer.begin(self._clock.now())
        answers = work.answers
        if work.batch:
            started = time.perf_counter()
            await self._log.append(work.batch)
            self._observe_commit(time.perf_counter() - started)
            self._publish(work.batch)
            answers = self._sequencer.committed()
        self._audience.on_answers(answers)
        self._sequencer.published(self._clock.now())

    def _publish(self, batch: EventBatch) -> None:
        self._published = batch.number
        self._audience.on_batch(batch)

    async def _recover(self) -> None:
        if self._sequencer.phase is not Phase.SUSPENDED:
            self._audience.on_mode(Mode.DEGRADED)
            self._audience.on_answers(self._sequencer.failed())
        delay = FIRST_RETRY_S
        while not self._stopping:
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_RETRY_S)
            try:
                engine = await self._engine()
                missed = [batch async for batch in self._log.read(self._published)]
            except PixelsError as problem:
                logger.warning("The log is still out of reach: %s", problem)
                continue
            for batch in missed:
                self._publish(batch)
            answers = self._sequencer.resume(engine)
            self._audience.on_mode(Mode.LIVE)
            self._audience.on_answers(answers)
            return
