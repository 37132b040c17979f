"""Commands of one node that have no verdict yet: those still to be sent, and those whose outcome is unknown."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from pixels_core.errors import ReasonCode
from pixels_core.log.sequencer import Answer
from pixels_core.rules.commands import Command, PlacePixel
from pixels_core.rules.effects import Refused, Verdict
from pixels_core.units import Milliseconds
from pixels_ws.ports import Ticket

_Key = tuple[str, int]


@dataclass(slots=True)
class _Open:
    ticket: Ticket
    command: Command
    since: Milliseconds
    repeat: bool
    sent: bool = False


class OpenCommands:
    """Numbers commands and finds their askers again; the numbers mean something to this node alone."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}
        self._unsent: deque[int] = deque()
        self._unknown: Counter[_Key] = Counter()
        self._last = 0

    def __len__(self) -> int:
        return len(self._open)

    def add(self, ticket: Ticket, command: Command, now: Milliseconds, *, repeat: bool = False) -> None:
        """Take a command in, to be sent; a `repeat` is, or may be, of one that was sent elsewhere."""
        self._last += 1
        self._open[self._last] = _Open(ticket, command, now, repeat)
        if repeat:
            self._count(command, 1)
        self._unsent.append(self._last)

    def repeats(self, command: Command) -> bool:
        """Say whether a placement repeats one without a verdict that was sent, or that may itself repeat one.

        To refuse it might deny the log.
        """
        return _key(command) in self._unknown

    def entry(self, most: int) -> list[tuple[int, Command]]:
        """Return the next commands to send; from here on nobody knows whether they arrived."""
        taken: list[tuple[int, Command]] = []
        while self._unsent and len(taken) < most:
            number = self._unsent.popleft()
            known = self._open.get(number)
            if known:
                known.sent = True
                if not known.repeat:
                    self._count(known.command, 1)
                taken.append((number, known.command))
        return taken

    def answer(self, number: int, verdict: Verdict) -> Answer[Ticket] | None:
        """Close a command; None where nobody waits for this verdict."""
        known = self._pop(number)
        return Answer(known.ticket, known.command, verdict) if known else None

    def refuse_unsent(self) -> list[Answer[Ticket]]:
        """Refuse what was never sent, but for repeats of what was."""
        waiting = [(number, self._open[number]) for number in self._unsent if number in self._open]
        doomed = [number for number, known in waiting if not known.repeat and not self.repeats(known.command)]
        answers = [self.answer(number, Refused(ReasonCode.UNAVAILABLE)) for number in doomed]
        return [answer for answer in answers if answer]

    def forget(self, before: Milliseconds) -> None:
        """Let go of what came before a moment: its askers have long given up."""
        while self._open:
            number, oldest = next(iter(self._open.items()))
            if oldest.since >= before:
                return
            self._pop(number)

    def _pop(self, number: int) -> _Open | None:
        known = self._open.pop(number, None)
        if known and (known.sent or known.repeat):
            self._count(known.command, -1)
        return known

    def _count(self, command: Command, change: int) -> None:
        key = _key(command)
        if key is not None:
            self._unknown[key] += change
            if not self._unknown[key]:
                del self._unknown[key]


def _key(command: Command) -> _Key | None:
    return (command.actor.user, command.request) if isinstance(command, PlacePixel) else None
