"""The engine: it takes a command and the time, and says what follows.

It is the only place that decides; it reads no clock, opens no socket and draws no random number. Its state runs ahead
of the log by the batch in preparation: whoever hosts it (see `sequencer`) commits that batch before telling anybody,
and drops the engine when a commit fails.
"""

from __future__ import annotations

from collections.abc import Iterable

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.units import Cell, Color, Milliseconds, Seq

from .commands import Command, ModerationCommand, PlacePixel
from .effects import Accepted, Effects, Refused, Verdict
from .events import Event, EventBatch, LimitsChanged, ModerationEvent, PixelPlaced
from .idempotency import IdempotencyIndex
from .moderation import is_outcome, moderation_event
from .placement import judge
from .rate_limits import RateLimits
from .state import CanvasState

UNTOLD_MS = 60_000
"""How long after the last change an act that nobody was told of is waited for; commands do not wait that long."""


class Engine:
    """One canvas's rules and state.

    Args:
        state: where to start; the engine owns it from now on.
        recent: the batches of at least the last 10 minutes up to `state`, and of as long as an empty bucket takes to
            fill, in order: they fill the idempotency index and the users' buckets, so that a restart forgets neither.
        told: number of the last batch whose verdicts are known to be out; None: of all. Acts of moderation have no
            ids, so those after it are taken for the outcome of the commands that come first and ask for just that.
    """

    def __init__(self, state: CanvasState, recent: Iterable[EventBatch] = (), told: int | None = None) -> None:
        self.state = state
        self._requests = IdempotencyIndex()
        self._rates = RateLimits(state.limits)
        self._pending: list[Event] = []
        self._untold: list[ModerationEvent] = []
        self._untold_until = state.time + UNTOLD_MS
        for batch in recent:
            for event in batch.events:
                self._recall(event)
            if told is not None and batch.number > told:
                self._untold += batch.moderation()

    def _recall(self, event: Event) -> None:
        if type(event) is PixelPlaced:
            self._requests.remember(event)
            self._rates.take(event.user, "", event.time)
        elif isinstance(event, LimitsChanged):
            self._rates.reset(self.state.limits)

    def handle(self, command: Command, now: Milliseconds) -> Effects:
        """Decide on a command at `now`; a clock that steps back is held at the last event's time."""
        now = max(now, self.state.time)
        if isinstance(command, PlacePixel):
            return self._place(command, now)
        return self._moderate(command, now)

    def take_batch(self) -> EventBatch | None:
        """Return the events since the last call as the next batch to commit, or None where there are none."""
        if not self._pending:
            return None
        self.state.batch_number += 1
        batch = EventBatch(self.state.batch_number, tuple(self._pending))
        self._pending.clear()
        return batch

    def find(self, command: PlacePixel) -> Verdict | None:
        """Return the answer to a request whose id was accepted within the last 10 minutes, None for an unknown id."""
        known = self._requests.find(command.actor.user, command.request)
        return self._repeat(command, known) if known else None

    def tokens(self, user: str, now: Milliseconds) -> float:
        """Return what the user's bucket holds."""
        return self._rates.tokens(user, max(now, self.state.time))

    def _place(self, command: PlacePixel, now: Milliseconds) -> Effects:
        known = self.find(command)
        if known:
            return Effects(known)
        verdict = judge(command, self.state, self._rates, now)
        if isinstance(verdict, Refused):
            return Effects(verdict.standing(self._color_at(command)))
        cell, color = verdict
        event = PixelPlaced(self.state.seq + 1, now, command.actor.user, command.request, cell, color)
        self._rates.take(event.user, command.actor.address, now)
        self._requests.remember(event)
        return self._accept(event)

    def _repeat(self, command: PlacePixel, known: tuple[Seq, Cell, Color]) -> Verdict:
        seq, cell, color = known
        size = self.state.identity.size
        same = size.contains(command.x, command.y) and size.cell(command.x, command.y) == cell
        try:
            same = same and self.state.palette.resolve(command.color) == color
        except ClientFault:
            same = same and isinstance(command.color, str)  # the palette was edited since: its old colour has no slot
        return Accepted(seq) if same else Refused(ReasonCode.DUPLICATE).standing(self._color_at(command))

    def _color_at(self, command: PlacePixel) -> Color | None:
        size = self.state.identity.size
        if not size.contains(command.x, command.y):
            return None
        return self.state.canvas.get(size.cell(command.x, command.y))

    def _moderate(self, command: ModerationCommand, now: Milliseconds) -> Effects:
        untold = self._take_untold(command, now)
        if untold:
            return Effects(Accepted(untold.seq))
        try:
            event = moderation_event(command, self.state, now)
        except ClientFault as fault:
            return Effects(Refused(fault.code, str(fault)))
        effects = self._accept(event)
        if isinstance(event, LimitsChanged):
            self._rates.reset(self.state.limits)
        return effects

    def _take_untold(self, command: ModerationCommand, now: Milliseconds) -> ModerationEvent | None:
        """Return the act that a command led to, where it is in the log already and nobody was told."""
        if now > self._untold_until or command.actor.role not in (Role.MODERATOR, Role.ADMIN):
            return None
        found = next((event for event in self._untold if is_outcome(event, command)), None)
        if found:
            self._untold.remove(found)
        return found

    def _accept(self, event: Event) -> Effects:
        self.state.apply(event)
        self._pending.append(event)
        return Effects(Accepted(event.seq), event)
