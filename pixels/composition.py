"""The stateless REST tier over a log and a bus: what `pixels api` and the Lambda function have in common."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from prometheus_client import CollectorRegistry

from pixels_api.app import create_app
from pixels_api.dependencies import Dependencies
from pixels_api.settings import ApiSettings
from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.hosting.process import readable_settings
from pixels_core.adapters.hosting.settings import CanvasSettings, ServerSettings
from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.adapters.redis.bus import RedisBus
from pixels_core.adapters.redis.canvas import RedisCanvas
from pixels_core.errors import BusUnavailable, PixelsError
from pixels_core.web.tokens import TokenSigner

from .built_client import with_built_client
from .stores import check_together, open_store

logger = logging.getLogger("pixels")

WARM_S = 1.0


@dataclass(frozen=True, slots=True)
class ApiProcessSettings:
    """All settings of an API process."""

    server: ServerSettings
    canvas: CanvasSettings
    api: ApiSettings


def read_settings(**given: Any) -> ApiProcessSettings:
    """Read all settings; arguments that are not None win. Raises ConfigurationError with plain sentences."""
    with readable_settings():
        server = ServerSettings(**{name: value for name, value in given.items() if value is not None})
        check_together(server, several_processes=True)
        return ApiProcessSettings(server, CanvasSettings(), with_built_client(ApiSettings()))


@asynccontextmanager
async def composed(settings: ApiProcessSettings, *, warm: bool) -> AsyncIterator[Litestar]:
    """Open log and bus, and yield the application over them; raises PixelsError where that cannot be.

    Args:
        settings: what `read_settings` returned.
        warm: follow the log also while nobody asks; not where the process stands still between requests.
    """
    server, canvas = settings.server, settings.canvas
    bus = RedisBus.connect(
        server.redis_url, canvas.canvas
    )  # nothing is opened yet: a wrong URL leaves nothing behind
    store = await open_store(server, canvas)
    try:
        await _check(bus, store.identity.epoch)
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
        await _refresh(host)
        warming = asyncio.create_task(_keep_warm(host)) if warm else None
        try:
            yield create_app(dependencies, settings.api)
        finally:
            if warming:
                await cancel_and_wait(warming)
    finally:
        await bus.close()
        await store.close()


async def _check(bus: RedisBus, epoch: str) -> None:
    """Fail where a setting is wrong; a bus that is only away is no reason not to show the canvas."""
    try:
        await bus.check()
        await bus.check_log(epoch)
    except BusUnavailable as problem:
        logger.warning("The canvas can be looked at, not changed: %s", problem)


async def _keep_warm(host: RedisCanvas) -> None:
    """Follow the log also while nobody asks, so that an answer needs no more than the last second's batches."""
    while True:
        await asyncio.sleep(WARM_S)
        await _refresh(host)


async def _refresh(host: RedisCanvas) -> None:
    with suppress(PixelsError):  # whoever asks is told
        await host.refresh()
