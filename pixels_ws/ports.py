"""What the parts of the socket tier know of each other, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pixels_core.log.sequencer import Answer
from pixels_core.protocol.messages import Mode
from pixels_core.rules.commands import Command
from pixels_core.rules.events import EventBatch


class Ticket(Protocol):
    """Whoever asked for a command: a socket, or a waiting REST request."""

    def resolve(self, answer: Answer[Ticket], /) -> None:
        """Take the answer."""
        ...


class CommandSink(Protocol):
    """Where commands go: the sequencer's host, or a bus that leads to it."""

    def submit(self, ticket: Ticket, command: Command) -> None:
        """Put a command in; its ticket is resolved exactly once."""
        ...


class Audience(Protocol):
    """Whoever is told what was committed: the hub, as the sequencer's host sees it."""

    def on_batch(self, batch: EventBatch) -> None:
        """Take the next committed batch."""
        ...

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        """Take verdicts; what they changed is committed."""
        ...

    def on_mode(self, mode: Mode) -> None:
        """Take the canvas's mode: live or degraded."""
        ...


class NodeAudience(Audience, Protocol):
    """The hub, as a node's end of the bus sees it."""

    @property
    def batch_number(self) -> int:
        """Number of the last batch that it has."""
        ...

    @property
    def open_sockets(self) -> int:
        """Number of sockets open on this node."""
        ...

    def on_behind(self, *, behind: bool) -> None:
        """Let no socket in while this node knows that it lacks batches."""
        ...

    def on_online(self, sockets: int) -> None:
        """Take the number of open sockets on all nodes."""
        ...
