"""The standalone server: both tiers, the sequencer and an SQLite log in one process on one port.

This is the one module that knows both tiers (a test keeps it so). Granian runs embedded in our own event loop, so
that start, signals and the order of shutdown are ours.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from pixels_api.app import create_app
from pixels_api.dependencies import Dependencies
from pixels_api.settings import ApiSettings
from pixels_core.adapters.clock import SystemClock
from pixels_core.adapters.sqlite import SqliteStore
from pixels_core.errors import ConfigurationError, PixelsError, ReasonCode
from pixels_core.projection import Projection
from pixels_core.tokens import MIN_SECRET_BYTES, TokenSigner
from pixels_ws.app import SocketApp
from pixels_ws.handshake import Gatekeeper
from pixels_ws.hub import Hub
from pixels_ws.metrics import SocketMetrics
from pixels_ws.sequencer_host import SequencerHost
from pixels_ws.settings import SocketSettings
from pixels_ws.snapshots import SnapshotKeeper

logger = logging.getLogger("pixels")

SWEEP_SECONDS = 5.0
DRAIN_SECONDS = 2.0
EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2
_BUILT_CLIENT = Path(__file__).parent / "client" / "dist"


class StandaloneSettings(BaseSettings):
    """What only the standalone server needs; the tiers read their own settings."""

    model_config = SettingsConfigDict(
        env_prefix="PIXELS_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all of this machine's.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port to listen on.")
    data: Path = Field(default=Path("data"), description="Directory of the database and the session secret.")
    secret: str | None = Field(
        default=None,
        min_length=MIN_SECRET_BYTES,
        description="Signs sessions; without it one is drawn and kept in the data directory.",
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a standalone server."""

    standalone: StandaloneSettings
    api: ApiSettings
    sockets: SocketSettings


def read_settings(**given: Any) -> Settings:
    """Read all settings; arguments that are not None win. Raises ConfigurationError with plain sentences."""
    given = {name: value for name, value in given.items() if value is not None}
    client: dict[str, Any] = {"client_dir": _BUILT_CLIENT} if (_BUILT_CLIENT / "index.html").is_file() else {}
    try:
        api = ApiSettings() if "PIXELS_CLIENT_DIR" in os.environ else ApiSettings(**client)
        return Settings(StandaloneSettings(**given), api, SocketSettings())
    except ValidationError as problem:
        sentences = [
            f"PIXELS_{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}" for error in problem.errors()
        ]
        raise ConfigurationError("; ".join(sentences)) from problem
    except SettingsError as problem:
        raise ConfigurationError(f"A setting cannot be read: {problem}") from problem


def read_secret(settings: StandaloneSettings) -> bytes:
    """Return the session secret from the settings, or from the data directory, where it is drawn once."""
    if settings.secret is not None:
        return settings.secret.encode()
    path = settings.data / "session.key"
    try:
        if not path.exists():
            _draw_secret(path)
        return path.read_bytes()
    except OSError as problem:
        raise ConfigurationError(f"The session secret {path} cannot be used: {problem.strerror}.") from problem


def _draw_secret(path: Path) -> None:
    """Write a new secret under another name first, so that a start that is interrupted leaves none or a whole one."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_hex(MIN_SECRET_BYTES).encode())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


@dataclass(frozen=True, slots=True)
class Parts:
    """A running canvas, composed."""

    application: Callable[..., Any]
    sockets: SocketApp
    hub: Hub
    host: SequencerHost
    keeper: SnapshotKeeper


async def compose(settings: Settings, store: SqliteStore) -> Parts:
    """Read the log and put the parts together."""
    clock, registry = SystemClock(), CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    metrics = SocketMetrics(registry)
    signer = TokenSigner(read_secret(settings.standalone))
    host = SequencerHost(store, clock, settings.sockets.limits, metrics.commit_seconds.observe)
    recovered = await host.start()
    hub = Hub(Projection(recovered.state, recovered.recent), host, clock, metrics)
    name = settings.sockets.canvas
    gatekeeper = Gatekeeper(settings.sockets, signer, frozenset({name}))
    sockets = SocketApp({name: hub}, gatekeeper, clock, settings.sockets, metrics)
    api = create_app(
        Dependencies(
            hosts={name: hub}, records={name: store}, users=store, signer=signer, clock=clock, metrics=registry
        ),
        settings.api,
    )
    keeper = SnapshotKeeper(hub.state, store, clock, settings.sockets, metrics)
    return Parts(_dispatcher(api, sockets), sockets, hub, host, keeper)


def _dispatcher(api: Any, sockets: SocketApp) -> Callable[..., Any]:
    async def dispatch(scope: Any, receive: Any, send: Any) -> None:
        await (sockets if scope.get("path") == "/ws" else api)(scope, receive, send)

    return dispatch


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raises PixelsError where it cannot start."""
    standalone = settings.standalone
    _check_port(standalone.host, standalone.port)
    store = await SqliteStore.open(standalone.data, settings.sockets.canvas, settings.sockets.size)
    try:
        parts = await compose(settings, store)
        async with _background(parts, settings) as failed:
            server = _server(parts.application, standalone)
            serving = asyncio.create_task(server.serve())
            await _announce(standalone, parts)
            await asyncio.wait({serving, failed, _stop_signal()}, return_when=asyncio.FIRST_COMPLETED)
            await _drain(parts)
            server.stop()
            await serving
        await _save_last_snapshot(parts.keeper)
        if failed.done():
            await failed
        logger.info("Stopped at seq %d", parts.hub.state.seq)
    finally:
        await store.close()


async def _save_last_snapshot(keeper: SnapshotKeeper) -> None:
    """Make the next start quick; where that fails, it reads more of the log."""
    try:
        await keeper.save()
    except PixelsError as problem:
        logger.warning("No snapshot was saved: %s", problem)


@asynccontextmanager
async def _background(parts: Parts, settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """Run the sequencer, the snapshots and the sweeper; yields a task that ends only if the sequencer breaks."""
    sequencing = asyncio.create_task(parts.host.run(parts.hub))
    helpers = [
        asyncio.create_task(parts.keeper.run()),
        asyncio.create_task(_sweep(parts.hub, int(settings.sockets.stall_seconds * 1000))),
    ]
    try:
        yield sequencing
    finally:
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)


async def _sweep(hub: Hub, stall: int) -> None:
    clock = SystemClock()
    while True:
        await asyncio.sleep(min(SWEEP_SECONDS, stall / 4000))
        hub.sweep(clock.now(), stall)


async def _drain(parts: Parts) -> None:
    """Take no one in, finish the commit in flight, answer what waits, then ask everybody to come back."""
    parts.sockets.accepting = False
    parts.host.stop()
    await parts.host.stopped()
    parts.hub.close_all(ReasonCode.SHUTTING_DOWN)
    with suppress(TimeoutError):
        await asyncio.wait_for(parts.hub.emptied(), DRAIN_SECONDS)


def _server(application: Callable[..., Any], settings: StandaloneSettings) -> Any:
    """Return the embedded server; Any, because Granian's embedding has no types yet."""
    return Server(
        application,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        backlog=2048,
        backpressure=65_536,
        log_enabled=False,
    )


def _check_port(host: str, port: int) -> None:
    """Fail with a sentence where the port is taken; Granian itself would share it with another Granian."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise ConfigurationError(
                f"Cannot listen on {host}:{port}: {problem.strerror}. Choose another with --port or PIXELS_PORT."
            ) from problem


async def _announce(settings: StandaloneSettings, parts: Parts) -> None:
    """Wait until the port answers, then say where the canvas is."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", ""} else settings.host  # noqa: S104  # only compared
    for _ in range(200):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(host, settings.port)
            writer.close()
            break
        await asyncio.sleep(0.02)
    state = parts.hub.state
    logger.info("Canvas %s is at seq %d, checksum %08x", state.identity.canvas, state.seq, state.canvas.checksum)
    shown = f"[{host}]" if ":" in host else host
    logger.info("Pixels is at http://%s:%d", shown, settings.port)


def _stop_signal() -> asyncio.Task[None]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def wait() -> None:
        await stop.wait()

    return asyncio.create_task(wait())


def main(host: str | None = None, port: int | None = None, data: Path | None = None) -> int:
    """Run the server; returns the exit code: 0 stopped, 1 could not go on, 2 a setting makes no sense."""
    try:
        settings = read_settings(host=host, port=port, data=data)
        logging.basicConfig(
            level=settings.standalone.log_level, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
        )
        logging.getLogger("httpx").setLevel(logging.WARNING)
        uvloop.run(serve(settings))
    except ConfigurationError as problem:
        sys.stderr.write(f"pixels: {problem}\n")
        return EXIT_USAGE
    except PixelsError as problem:
        sys.stderr.write(f"pixels: {problem}\n")
        return EXIT_FAILED
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
