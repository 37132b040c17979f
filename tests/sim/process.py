"""The server's process: what `pixels_ws.sequencing.sequencer_host` does, with a death at every step on the way."""

from __future__ import annotations

from collections.abc import Callable

from pixels_core.errors import BatchConflict, PixelsError
from pixels_core.log.recovery import recover
from pixels_core.log.sequencer import Sequencer, SequencerPhase
from pixels_core.log.snapshot_codec import capture
from pixels_core.protocol.messages import RETAINED_MS, Mode
from pixels_core.rules.commands import Command
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import Limits
from pixels_core.stream.projection import Projection
from pixels_core.units import Milliseconds
from tests.sim.faults import OFTEN, Crashed, CrashPoint
from tests.sim.hub import Hub, Ticket
from tests.sim.ledger import Ledger
from tests.sim.store import FailingStore
from tests.sim.world import World, finish
from tests.support.builders import read_all

RETRY_MS = (500, 2_000)
SWEEP_MS = 5_000


class Process:
    """One life of the server: from reading the log to its death; raises where the log cannot be read.

    Args:
        world: the time, and the moment of death.
        store: the log.
        ledger: judges what is said.
        limits: limits in force until a moderator sets others.
        on_end: called when the process is gone.
    """

    def __init__(
        self, world: World, store: FailingStore, ledger: Ledger, limits: Limits, on_end: Callable[[], None]
    ) -> None:
        self._world = world
        self._store = store
        self._ledger = ledger
        self._limits = limits
        self._on_end = on_end
        self.alive = True
        recovered = finish(recover(store, world.now, limits))
        self.sequencer: Sequencer[Ticket] = Sequencer(self._engine())
        self._published = recovered.state.batch_number
        self._saved = recovered.state.batch_number
        self._wake_at: Milliseconds | None = None
        self._stopping = False
        self._appending: EventBatch | None = None
        self.hub = Hub(world, ledger, Projection(recovered.state, recovered.recent), self.submit, self.may_die)
        world.note("process", f"starts at batch {self._published}, seq {recovered.state.seq}")
        self._later(SWEEP_MS, self._sweep)

    def _engine(self) -> Engine:
        recovered = finish(recover(self._store, self._world.now, self._limits))
        return Engine(recovered.state, recovered.recent)

    # ── life and death ──────────────────────────────────────────────────────────────────────────────────────────────

    def may_die(self, point: CrashPoint) -> None:
        """Die here, or not."""
        fault_rates = self._world.fault_rates
        if self._world.happens(point, fault_rates.crash_between_sockets if point in OFTEN else fault_rates.crash):
            raise Crashed

    def die(self) -> None:
        """End at once; a write in flight may still reach the disk."""
        if not self.alive:
            return
        self.alive = False
        self._world.note("process", "dies")
        if self._appending and self._world.chance(0.5):
            self._world.counts["write landed after death"] += 1
            self._write_quietly(self._appending)
        for socket in self.hub.sockets:
            socket.close()
        self._on_end()

    def _write_quietly(self, batch: EventBatch) -> None:
        try:
            finish(self._store.append(batch))
        except PixelsError as problem:
            self._world.note("process", "its last write fails:", problem)

    def stop(self) -> None:
        """Finish what is in flight and waiting, then end."""
        self._world.note("process", "is told to stop")
        self._stopping = True
        self._go_on()

    def do(self, work: Callable[[], None]) -> None:
        """Do something inside this process: nothing where it is dead, and dying is possible."""
        if self.alive:
            try:
                work()
            except Crashed:
                self.die()

    def _later(self, delay: Milliseconds, work: Callable[[], None]) -> None:
        self._world.after(delay, lambda: self.do(work))

    # ── from command to answer ──────────────────────────────────────────────────────────────────────────────────────

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Put a command in; its ticket is resolved exactly once, if this process lives."""
        self._ledger.asked(command)
        refused = self.sequencer.submit(ticket, command, self._world.now)
        if refused:
            self.hub.on_answers([refused])
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Have the next batch made when it is due."""
        due = self.sequencer.due_at()
        if due is None:
            if self._stopping and self.sequencer.phase is not SequencerPhase.COMMITTING:
                self._end()
            return
        if self._wake_at is None:
            self._wake_at = due
            self._later(due - self._world.now, self._turn)

    def _end(self) -> None:
        self._world.counts["graceful stop"] += 1
        self.hub.close_all()
        self.die()

    def _turn(self) -> None:
        self._wake_at = None
        if self.sequencer.due_at() is not None:
            self._begin()

    def _begin(self) -> None:
        work = self.sequencer.begin(self._world.now)
        if work.batch is None:
            self.hub.on_answers(work.answers)
            self.sequencer.published(self._world.now)
            self._go_on()
            return
        batch = self._appending = work.batch
        self._later(self._world.between(self._world.fault_rates.append), lambda: self._append(batch))

    def _append(self, batch: EventBatch) -> None:
        self.may_die(CrashPoint.IN_APPEND)
        self._appending = None
        self.may_die(CrashPoint.BEFORE_APPEND)
        wait = self._world.between(self._world.fault_rates.append)
        try:
            finish(self._store.append(batch))
        except PixelsError as problem:
            if isinstance(problem, BatchConflict):
                self._world.counts["conflict"] += 1
            self._world.note("process", f"cannot append batch {batch.number}:", problem)
            self._later(wait, self._failed)
            return
        self.may_die(CrashPoint.AFTER_APPEND)
        self._later(wait, lambda: self._committed(batch))

    def _committed(self, batch: EventBatch) -> None:
        self.may_die(CrashPoint.AFTER_COMMIT)
        self._publish(batch)
        self.may_die(CrashPoint.AFTER_PUBLISH)
        self.hub.on_answers(self.sequencer.committed())
        self.sequencer.published(self._world.now)
        self._go_on()

    def _publish(self, batch: EventBatch) -> None:
        self._published = batch.number
        self.hub.on_batch(batch)

    # ── when the log fails ──────────────────────────────────────────────────────────────────────────────────────────

    def _failed(self) -> None:
        self.hub.on_mode(Mode.DEGRADED)
        self.hub.on_answers(self.sequencer.failed())
        self._later(self._world.between(RETRY_MS), self._recover)

    def _recover(self) -> None:
        if self._stopping:
            self._end()
            return
        self.may_die(CrashPoint.IN_RECOVERY)
        try:
            engine = self._engine()
            finish(
                self._store.save_snapshot(engine.state.batch_number, capture(engine.state).pack())
            )  # can we write?
            missed = finish(read_all(self._store, self._published))
        except PixelsError:
            self._later(self._world.between(RETRY_MS), self._recover)
            return
        for batch in missed:
            self._publish(batch)
        answers = self.sequencer.resume(engine)
        self.hub.on_mode(Mode.LIVE)
        self.hub.on_answers(answers)
        self._go_on()

    # ── housekeeping ────────────────────────────────────────────────────────────────────────────────────────────────

    def _sweep(self) -> None:
        self.hub.sweep(self._world.now)
        self._later(SWEEP_MS, self._sweep)

    def keep_snapshot(self) -> None:
        """Save a snapshot of the committed state if it changed, and prune what nobody needs any more."""
        state = self.hub.projection.state
        if state.batch_number == self._saved:
            return
        self.may_die(CrashPoint.BEFORE_SNAPSHOT)
        try:
            finish(self._store.save_snapshot(state.batch_number, capture(state).pack()))
            self._saved = state.batch_number
            self._world.counts["snapshot saved"] += 1
            self.may_die(CrashPoint.BEFORE_PRUNE)
            pruned = finish(self._store.prune(self._world.now - RETAINED_MS))
        except PixelsError:
            return
        self._world.counts["batches pruned"] += pruned
