"""Opens the store that the settings name."""

from __future__ import annotations

from pixels_core.adapters.hosting.process import readable_settings
from pixels_core.adapters.hosting.settings import BusKind, CanvasSettings, LogKind, ServerSettings
from pixels_core.adapters.hosting.stores import Store
from pixels_core.errors import ConfigurationError


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
        from pixels_core.adapters.sqlite.store import SqliteStore  # noqa: PLC0415  # an API process on DynamoDB needs no SQLite, nor the reverse

        return await SqliteStore.open(server.data, canvas.canvas, canvas.size)
    from pixels_core.adapters.dynamodb.settings import PREFIX, DynamoSettings  # noqa: PLC0415
    from pixels_core.adapters.dynamodb.store import DynamoStore  # noqa: PLC0415

    with readable_settings(PREFIX):
        settings = DynamoSettings()
    return await DynamoStore.open(settings, canvas.canvas, canvas.size)
