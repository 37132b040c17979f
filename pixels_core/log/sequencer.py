"""The sequencer: between the commands that come in and the log that makes them true.

It collects commands, lets the engine decide on them batch by batch, and gives out answers only when the batch is in
the log. The host does the waiting and the writing and tells how it went::

    begin(now)      → Work        a batch to commit (or answers only, where nothing changed)
    committed(now)  → Commit      the batch is in the log: publish it, then send the answers
    failed()                      the outcome is unknown: nothing is answered until the log was read again
    resume(engine)  → answers     with an engine rebuilt from the log: what was in flight is now known

Between `failed` and `resume` every new command is refused with `unavailable`: never queued, never dropped. A repeat
is no new command: of a placement in the log it is acknowledged, and where the outcome is unknown it waits with the
first; refused, it would deny what the log holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

from pixels_core.errors import ReasonCode
from pixels_core.rules.commands import Command, PlacePixel
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.units import Milliseconds

from .batching import BatchWindow

Ticket = TypeVar("Ticket")
"""Whatever the host needs to find the asker again."""

MAX_WAITING = 20_000
"""Commands that may wait for the next batch; beyond, the sequencer refuses rather than let answers grow old."""
MAX_WITH_REPEATS = 40_000
"""Commands that may wait when those beyond `MAX_WAITING` repeat others: telling them "no" could be a lie."""
MAX_BATCH = 2_000
"""Commands in one batch: about 20 kB in the log and 20 ms of rules, and at 20 batches a second 40,000 px/s."""


class SequencerPhase(Enum):
    """What the sequencer is doing."""

    READY = auto()
    COMMITTING = auto()
    SUSPENDED = auto()


@dataclass(frozen=True, slots=True)
class Answer(Generic[Ticket]):
    """The verdict on a command."""

    ticket: Ticket
    command: Command
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Work(Generic[Ticket]):
    """What `begin` made: a batch to commit, or (batch None) answers that can go out at once."""

    batch: EventBatch | None
    answers: list[Answer[Ticket]]


class Sequencer(Generic[Ticket]):
    """Orders the commands of one canvas; see the module's table for its calling contract."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.phase = SequencerPhase.READY
        self._window = BatchWindow()
        self._waiting: list[tuple[Ticket, Command, Milliseconds]] = []
        self._waiting_keys: Counter[tuple[str, int] | None] = Counter()
        self._in_flight: list[Answer[Ticket]] = []
        self._unknown: set[tuple[str, int] | None] = set()
        self._begun: Milliseconds = 0

    def submit(self, ticket: Ticket, command: Command, now: Milliseconds) -> Answer[Ticket] | None:
        """Take a command in; returns an answer only where one is known at once: `unavailable`, or a repeat's."""
        if self.phase is SequencerPhase.SUSPENDED:
            return self._suspend(ticket, command)
        if len(self._waiting) >= MAX_WAITING and not self._is_repeat(command):
            return self._unavailable(ticket, command)
        self._waiting.append((ticket, command, now))
        key = _key(command)
        if key:
            self._waiting_keys[key] += 1
        return None

    @property
    def waiting(self) -> int:
        """How many commands wait for the next batch."""
        return len(self._waiting)

    def due_at(self) -> Milliseconds | None:
        """Return when `begin` should be called; None while nothing waits or a commit is in flight."""
        if self.phase is not SequencerPhase.READY or not self._waiting:
            return None
        return self._window.due_at(self._waiting[0][2])

    def begin(self, now: Milliseconds) -> Work[Ticket]:
        """Decide on what waits. With a batch, the answers stay here until `committed` or `resume`."""
        if self.phase is not SequencerPhase.READY:
            raise RuntimeError(f"begin() while {self.phase.name}")
        taken, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        self._waiting_keys = Counter(_key(command) for _, command, _ in self._waiting if _key(command))
        answers = [Answer(ticket, command, self.engine.handle(command, now).verdict) for ticket, command, _ in taken]
        self._begun = now
        batch = self.engine.take_batch()
        if batch is None:
            self._window.taken(now, 0)
            return Work(None, answers)
        self.phase = SequencerPhase.COMMITTING
        self._in_flight = answers
        return Work(batch, [])

    def committed(self) -> list[Answer[Ticket]]:
        """The batch is in the log: returns its answers, to be sent after the batch is published."""
        if self.phase is not SequencerPhase.COMMITTING:
            raise RuntimeError(f"committed() while {self.phase.name}")
        self.phase = SequencerPhase.READY
        answers, self._in_flight = self._in_flight, []
        return answers

    def published(self, now: Milliseconds) -> None:
        """Everything of the last batch is out; its cost sets the next window."""
        self._window.taken(self._begun, now - self._begun)

    def failed(self) -> list[Answer[Ticket]]:
        """The commit failed or its outcome is unknown; refuses what only waited, keeps what was in flight."""
        self.phase = SequencerPhase.SUSPENDED
        self._unknown = {_key(answer.command) for answer in self._in_flight} - {None}
        waiting, self._waiting = self._waiting, []
        self._waiting_keys.clear()
        answers = [self._suspend(ticket, command) for ticket, command, _ in waiting]
        return [answer for answer in answers if answer]

    def _suspend(self, ticket: Ticket, command: Command) -> Answer[Ticket] | None:
        """Answer a command while the log is out of reach, unless it repeats one whose outcome is unknown."""
        if _key(command) not in self._unknown:
            return self._settle(ticket, command)
        refused = self._unavailable(ticket, command)
        if len(self._in_flight) >= MAX_WAITING:
            return refused
        self._in_flight.append(refused)
        return None

    def resume(self, engine: Engine) -> list[Answer[Ticket]]:
        """Go on with an engine rebuilt from the log; returns the answers to what was in flight.

        A placement that the log holds is accepted; everything else is `unavailable` (a placement can be tried again
        under the same id; a moderation command should be looked up first). That goes for refusals, too: what they
        said of the canvas may never have come true.
        """
        self.engine = engine
        self.phase = SequencerPhase.READY
        self._unknown.clear()
        in_flight, self._in_flight = self._in_flight, []
        return [self._settle(answer.ticket, answer.command) for answer in in_flight]

    def _settle(self, ticket: Ticket, command: Command) -> Answer[Ticket]:
        """Answer with what the log says: an acceptance where it holds the placement, else `unavailable`."""
        known = self._accepted(command)
        return Answer(ticket, command, known) if known else self._unavailable(ticket, command)

    def _accepted(self, command: Command) -> Accepted | None:
        known = self.engine.find(command) if isinstance(command, PlacePixel) else None
        return known if isinstance(known, Accepted) else None

    def _is_repeat(self, command: Command) -> bool:
        """Say whether a full queue must take a command: one that is accepted already, or that waits already.

        Else somebody would be told that nothing was placed, and the pixel would appear.
        """
        if len(self._waiting) >= MAX_WITH_REPEATS:
            return False
        return self._accepted(command) is not None or self._waiting_keys[_key(command)] > 0

    @staticmethod
    def _unavailable(ticket: Ticket, command: Command) -> Answer[Ticket]:
        return Answer(ticket, command, Refused(ReasonCode.UNAVAILABLE))


def _key(command: Command) -> tuple[str, int] | None:
    """Return what a repeat of a placement has in common with it; None for moderation, which has no ids."""
    return (command.actor.user, command.request) if isinstance(command, PlacePixel) else None
