"""The standalone server: both tiers and the sequencer in one process on one port, by default over an SQLite log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from pixels_api.app import create_app
from pixels_api.dependencies import Dependencies
from pixels_api.settings import ApiSettings
from pixels_core.adapters.hosting.clock import SteadyClock
from pixels_core.adapters.hosting.process import exit_code, readable_settings, run
from pixels_core.adapters.hosting.secret_file import read_secret
from pixels_core.adapters.hosting.settings import BusKind, LogKind, ServerSettings
from pixels_core.adapters.hosting.stores import Store
from pixels_core.adapters.hosting.web_server import Address
from pixels_core.adapters.hosting.web_server import serve as serve_web
from pixels_core.errors import PixelsError
from pixels_core.web.tokens import TokenSigner
from pixels_ws.app import SocketApp
from pixels_ws.metrics import SocketMetrics
from pixels_ws.running_canvas import CanvasContext, RunningCanvas, start_canvas
from pixels_ws.settings import SocketSettings

from .built_client import warn_without_client, with_built_client
from .stores import check_together, open_store

logger = logging.getLogger("pixels")


@dataclass(frozen=True, slots=True)
class StandaloneSettings:
    """All settings of a standalone server."""

    server: ServerSettings
    api: ApiSettings
    sockets: SocketSettings


def read_settings(**given: Any) -> StandaloneSettings:
    """Read all settings; arguments that are not None win. Raises ConfigurationError with plain sentences."""
    with readable_settings():
        server = ServerSettings(**{name: value for name, value in given.items() if value is not None})
        check_together(server, several_processes=False)
        return StandaloneSettings(server, with_built_client(ApiSettings()), SocketSettings())


async def serve(settings: StandaloneSettings) -> None:
    """Serve until SIGTERM or SIGINT; raises PixelsError where it cannot start."""
    address = Address(settings.server.host, settings.server.port)
    address.check()
    warn_without_client(settings.api)
    store = await open_store(settings.server, settings.sockets)
    try:
        await _serve_store(settings, address, store)
    finally:
        await store.close()


async def _serve_store(settings: StandaloneSettings, address: Address, store: Store) -> None:
    clock, registry = SteadyClock(), _registry()
    signer = TokenSigner(read_secret(settings.server))
    context = CanvasContext(settings.sockets, settings.server, store, signer, clock, SocketMetrics(registry))
    canvas = await start_canvas(context)
    clock.at_least(canvas.hub.state.time)
    name = settings.sockets.canvas
    api = create_app(
        Dependencies(
            hosts={name: canvas.hub}, records={name: store}, users=store, signer=signer, clock=clock, metrics=registry
        ),
        settings.api,
    )
    application = _dispatcher(api, canvas.sockets)
    await serve_web(
        application, address, until=canvas.work, drain=canvas.drain, ready=lambda: _announce(address, canvas)
    )
    await _save_last_snapshot(canvas)
    await canvas.close()
    logger.info("Stopped at seq %d", canvas.hub.state.seq)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry


def _dispatcher(api: Any, sockets: SocketApp) -> Callable[..., Any]:
    async def dispatch(scope: Any, receive: Any, send: Any) -> None:
        await (sockets if scope.get("path") == "/ws" else api)(scope, receive, send)

    return dispatch


def _announce(address: Address, canvas: RunningCanvas) -> None:
    state = canvas.hub.state
    logger.info("Canvas %s is at seq %d, checksum %08x", state.identity.canvas, state.seq, state.canvas.checksum)
    logger.info("Pixels is at %s", address.url)


async def _save_last_snapshot(canvas: RunningCanvas) -> None:
    """Make the next start quick; where that fails, it reads more of the log."""
    try:
        await canvas.keeper.save()
    except PixelsError as problem:
        logger.warning("No snapshot was saved: %s", problem)


def main(
    host: str | None = None,
    port: int | None = None,
    data: Path | None = None,
    log: LogKind | None = None,
    bus: BusKind | None = None,
) -> int:
    """Run the server; returns the exit code: 0 stopped, 1 could not go on, 2 a setting makes no sense."""
    settings: list[StandaloneSettings] = []
    code = exit_code(lambda: settings.append(read_settings(host=host, port=port, data=data, log=log, bus=bus)))
    return code or run(lambda: serve(settings[0]), settings[0].server.log_level)
