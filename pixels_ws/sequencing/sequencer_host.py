"""The sequencer's host: it waits, writes to the log, tells how it went, and starts over when the log fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from pixels_core.errors import PixelsError
from pixels_core.log.batching import LONGEST_WINDOW_MS
from pixels_core.log.recovery import Recovered, take_over
from pixels_core.log.sequencer import Sequencer, SequencerPhase
from pixels_core.log.snapshot_codec import capture
from pixels_core.ports import Clock, EventLog
from pixels_core.protocol.messages import Mode
from pixels_core.rules.commands import Command
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState, Limits
from pixels_ws.ports import Audience, Ticket

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0


class SequencerHost:
    """Runs the sequencer of one canvas over its log.

    Args:
        log: the log; the host is its only writer.
        clock: the time.
        default_limits: limits in force until a moderator sets others.
        observe_commit: called with the seconds that each commit took.
        on_batch: called with each batch that is in the log.
    """

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        default_limits: Limits,
        observe_commit: Callable[[float], None] = lambda _seconds: None,
        on_batch: Callable[[EventBatch], None] = lambda _batch: None,
    ) -> None:
        self._log = log
        self._clock = clock
        self._default_limits = default_limits
        self._observe_commit = observe_commit
        self._on_batch = on_batch
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._published = 0
        self._audience: Audience
        self._sequencer: Sequencer[Ticket]

    async def start(self) -> Recovered:
        """Read the log and make the engine; returns a second, independent state for whoever serves clients."""
        recovered = await self._recovered()
        self._sequencer = Sequencer(Engine(recovered.state.copy(), recovered.recent))
        self._published = recovered.state.batch_number
        return recovered

    async def _recovered(self) -> Recovered:
        return await take_over(self._log, self._clock.now(), self._default_limits)

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Put a command in; its ticket is resolved exactly once."""
        refused = self._sequencer.submit(ticket, command, self._clock.now())
        if refused:
            self._audience.on_answers([refused])
        else:
            self._wake.set()

    async def run(self, audience: Audience) -> None:
        """Work until `stop`; a log that fails is tried again for ever, with the canvas degraded meanwhile."""
        self._audience = audience
        try:
            while not self._stopping.is_set():
                try:
                    await self._step()
                except PixelsError as problem:
                    logger.warning("The log failed, the canvas is degraded: %s", problem)
                    await self._recover()
            await self._finish()
        finally:
            self._stopped.set()

    def stop(self) -> None:
        """Let `run` finish what is in flight and waiting, and return."""
        self._stopping.set()
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
        delay = min(due - self._clock.now(), LONGEST_WINDOW_MS)  # the clock may have been set back
        if delay > 0:
            await asyncio.sleep(delay / 1000)
        await self._commit()

    async def _finish(self) -> None:
        """Commit what waits; if that fails nobody is told anything: clients ask again under the same ids."""
        try:
            while self._sequencer.due_at() is not None:
                await self._commit()
        except PixelsError as problem:
            logger.warning("The last commit failed: %s", problem)

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
        self._on_batch(batch)
        self._audience.on_batch(batch)

    async def _recover(self) -> None:
        """Read the log again until that works, then answer what was in flight and go on."""
        if self._sequencer.phase is not SequencerPhase.SUSPENDED:
            self._audience.on_mode(Mode.DEGRADED)
            self._audience.on_answers(self._sequencer.failed())
        delay = FIRST_RETRY_S
        while not await self._stops_within(delay):
            delay = min(delay * 2, LONGEST_RETRY_S)
            try:
                recovered = await self._recovered()
                await self._prove_writable(recovered.state)
                missed = [batch async for batch in self._log.read(self._published)]
            except PixelsError as problem:
                logger.warning("The canvas stays degraded: %s", problem)
                continue
            for batch in missed:
                self._publish(batch)
            answers = self._sequencer.resume(Engine(recovered.state, recovered.recent))
            self._audience.on_mode(Mode.LIVE)
            self._audience.on_answers(answers)
            return

    async def _prove_writable(self, state: CanvasState) -> None:
        """Save a snapshot: a full disk can still be read, and only a write that works says that writes work again."""
        await self._log.save_snapshot(state.batch_number, await asyncio.to_thread(capture(state).pack))

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
