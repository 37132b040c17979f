"""Opens the store that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..errors import ConfigurationError
from ..events import EventBatch
from ..ports import EventLog, ModerationRecords, PixelRecords, UserDirectory
from .process import readable_settings
from .settings import BusKind, CanvasSettings, LogKind, ServerSettings


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


def check_together(server: ServerSettings, *, several_processes: bool) -> None:
    """Refuse settings that make no sense together; raises ConfigurationError."""
    if server.log is LogKind.SQLITE and several_processes:
        raise ConfigurationError(
            "An SQLite log belongs to one process. Set PIXELS_LOG=dynamodb, or use pixels serve."
        )
    if server.bus is BusKind.MEMORY and several_processes:
        raise ConfigurationError("Several processes need a bus. Set PIXELS_BUS=redis, or use pixels serve.")
    if several_processes and server.secret is None:
        raise ConfigurationError("Several processes must sign sessions with one secret. Set PIXELS_SECRET.")


async def open_store(server: ServerSettings, canvas: CanvasSettings) -> Store:
    """Open the log and records of a canvas; raises ConfigurationError or ServerFault."""
    if server.log is LogKind.SQLITE:
        from .sqlite import SqliteStore  # noqa: PLC0415  # an API process on DynamoDB needs no SQLite, nor the reverse

        return await SqliteStore.open(server.data, canvas.canvas, canvas.size)
    from .dynamodb import DynamoStore  # noqa: PLC0415
    from .dynamodb_settings import PREFIX, DynamoSettings  # noqa: PLC0415

    with readable_settings(PREFIX):
        settings = DynamoSettings()
    return await DynamoStore.open(settings, canvas.canvas, canvas.size)
