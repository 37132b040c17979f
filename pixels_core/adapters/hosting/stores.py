"""What a store of a canvas offers, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pixels_core.ports import EventLog, ModerationRecords, PixelRecords, UserDirectory
from pixels_core.rules.events import EventBatch


class Store(EventLog, PixelRecords, ModerationRecords, UserDirectory, Protocol):
    """Log, records, audit and display names of one canvas."""


class Projector(Protocol):
    """Carries committed batches into the records, where the log does not do so itself."""

    def offer(self, batch: EventBatch) -> None:
        """Take a committed batch, without waiting."""
        ...

    async def run(self) -> None:
        """Work until cancelled."""
        ...


def projector_of(log: EventLog) -> Projector | None:
    """Return a projector that the process which commits has to run; None where records come with the log."""
    make: Callable[[], Projector] | None = getattr(log, "projector", None)
    return make() if make else None
