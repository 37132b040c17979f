"""`pixels api`: the REST tier as a process of its own; it keeps no state, so there may be any number of them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from pixels_core.adapters.clock import SystemClock
from pixels_core.adapters.process import exit_code, readable_settings, run
from pixels_core.adapters.redis_bus import RedisBus
from pixels_core.adapters.redis_canvas import RedisCanvas
from pixels_core.adapters.settings import CanvasSettings, ServerSettings
from pixels_core.adapters.stores import check_together, open_store
from pixels_core.adapters.tasks import end
from pixels_core.adapters.web_server import Address
from pixels_core.adapters.web_server import serve as serve_web
from pixels_core.errors import BusUnavailable, PixelsError
from pixels_core.tokens import TokenSigner

from .app import create_app
from .dependencies import Dependencies
from .settings import ApiSettings

logger = logging.getLogger("pixels")

WARM_S = 1.0
_BUILT_CLIENT = Path(__file__).parents[1] / "client" / "dist"


def read_settings(**given: Any) -> tuple[ServerSettings, CanvasSettings, ApiSettings]:
    """Read all settings of an API process; raises ConfigurationError with plain sentences."""
    client: dict[str, Any] = {"client_dir": _BUILT_CLIENT} if (_BUILT_CLIENT / "index.html").is_file() else {}
    with readable_settings():
        server = ServerSettings(**{name: value for name, value in given.items() if value is not None})
        check_together(server, several_processes=True)
        api = ApiSettings() if "PIXELS_CLIENT_DIR" in os.environ else ApiSettings(**client)
        return server, CanvasSettings(), api


@asynccontextmanager
async def composed(server: ServerSettings, canvas: CanvasSettings, api: ApiSettings) -> AsyncIterator[Any]:
    """Open log and bus, and yield the application over them."""
    store = await open_store(server, canvas)
    bus = RedisBus.connect(server.redis_url, canvas.canvas)
    try:
        await _check(bus)
        clock = SystemClock()
        host = RedisCanvas(store, bus, clock, canvas.limits)
        dependencies = Dependencies(
            hosts={canvas.canvas: host},
            records={canvas.canvas: store},
            users=store,
            signer=TokenSigner((server.secret or "").encode()),
            clock=clock,
            metrics=CollectorRegistry(),
        )
        warm = asyncio.create_task(_keep_warm(host))
        try:
            yield create_app(dependencies, api)
        finally:
            await end(warm)
    finally:
        await bus.close()
        await store.close()


async def _check(bus: RedisBus) -> None:
    """Fail where a setting is wrong; a bus that is only away is no reason not to show the canvas."""
    try:
        await bus.check()
    except BusUnavailable as problem:
        logger.warning("The canvas can be looked at, not changed: %s", problem)


async def _keep_warm(host: RedisCanvas) -> None:
    """Follow the log also while nobody asks, so that an answer needs no more than the last second's batches."""
    while True:
        with suppress(PixelsError):  # whoever asks is told
            await host.refresh()
        await asyncio.sleep(WARM_S)


async def serve(server: ServerSettings, canvas: CanvasSettings, api: ApiSettings) -> None:
    """Serve REST until SIGTERM or SIGINT; raises PixelsError where that cannot start."""
    address = Address(server.host, server.port)
    address.check()
    async with composed(server, canvas, api) as application:
        await serve_web(
            application,
            address,
            until=asyncio.get_running_loop().create_future(),
            drain=_nothing_to_say,
            ready=lambda: logger.info("The Pixels API is at %s/api", address.url),
        )


async def _nothing_to_say() -> None:
    """Requests in flight are finished by the server itself."""


def main(host: str | None = None, port: int | None = None) -> int:
    """Run an API process; returns the exit code."""
    settings: list[tuple[ServerSettings, CanvasSettings, ApiSettings]] = []
    code = exit_code(lambda: settings.append(read_settings(host=host, port=port)))
    return code or run(lambda: serve(*settings[0]), settings[0][0].log_level)


if __name__ == "__main__":
    sys.exit(main())
