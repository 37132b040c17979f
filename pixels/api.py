"""`pixels api`: the REST tier as a process of its own; it keeps no state, so there may be any number of them."""

from __future__ import annotations

import asyncio
import logging

from pixels_core.adapters.hosting.process import exit_code, run
from pixels_core.adapters.hosting.web_server import Address
from pixels_core.adapters.hosting.web_server import serve as serve_web

from .built_client import warn_without_client
from .composition import ApiProcessSettings, composed, read_settings

logger = logging.getLogger("pixels")


async def serve(settings: ApiProcessSettings) -> None:
    """Serve REST until SIGTERM or SIGINT; raises PixelsError where that cannot start."""
    address = Address(settings.server.host, settings.server.port)
    address.check()
    warn_without_client(settings.api)
    async with composed(settings, warm=True) as application:
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
    settings: list[ApiProcessSettings] = []
    code = exit_code(lambda: settings.append(read_settings(host=host, port=port)))
    return code or run(lambda: serve(settings[0]), settings[0].server.log_level)
