"""`pixels ws`: the socket tier as processes of its own, any number of them, on any number of machines."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from pixels_core.adapters.hosting.clock import SteadyClock
from pixels_core.adapters.hosting.process import EXIT_FAILED, EXIT_OK, exit_code, readable_settings, run
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.adapters.hosting.web_server import Address
from pixels_core.adapters.hosting.web_server import serve as serve_web
from pixels_core.web.tokens import TokenSigner
from pixels_ws.health import with_health
from pixels_ws.metrics import SocketMetrics
from pixels_ws.running_canvas import CanvasContext, start_canvas
from pixels_ws.settings import SocketSettings

from .stores import check_together, open_store

logger = logging.getLogger("pixels")

POLL_S = 0.1
ORPHAN_S = 1.0
_WORKER = "--one-of-several"


async def serve(server: ServerSettings, sockets: SocketSettings, *, shared: bool) -> None:
    """Serve sockets until SIGTERM or SIGINT; raises PixelsError where that cannot start."""
    address = Address(server.host, server.port, shared)
    address.check()
    store = await open_store(server, sockets)
    try:
        registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        signer = TokenSigner((server.secret or "").encode())
        context = CanvasContext(sockets, server, store, signer, SteadyClock(), SocketMetrics(registry))
        canvas = await start_canvas(context)
        await serve_web(
            with_health(canvas.sockets, canvas.hub, registry),
            address,
            until=asyncio.ensure_future(_over(canvas.work, os.getppid())) if shared else canvas.work,
            drain=canvas.drain,
            ready=lambda: logger.info("Pixels sockets are at %s/ws", address.url),
        )
        await canvas.close()
    finally:
        await store.close()


async def _over(work: asyncio.Future[Any], parent: int) -> None:
    """Wait until the work ends or the parent does: a worker whose parent was killed would be left for ever."""
    while not work.done() and os.getppid() == parent:
        await asyncio.wait({work}, timeout=ORPHAN_S)


def _read(given: dict[str, Any]) -> tuple[ServerSettings, SocketSettings]:
    with readable_settings():
        server = ServerSettings(**{name: value for name, value in given.items() if value is not None})
        check_together(server, several_processes=True)
        return server, SocketSettings()


def main(host: str | None = None, port: int | None = None, workers: int = 1) -> int:
    """Run socket processes; returns the exit code. Several workers share the port and are stopped together."""
    settings: list[tuple[ServerSettings, SocketSettings]] = []
    code = exit_code(lambda: settings.append(_read({"host": host, "port": port})))
    if code:
        return code
    server, sockets = settings[0]
    if workers > 1:
        return _run_workers(server, workers)
    shared = _WORKER in sys.argv
    return run(lambda: serve(server, sockets, shared=shared), server.log_level)


def _run_workers(server: ServerSettings, workers: int) -> int:
    """Start the workers as children and wait for them; the signals of a terminal reach all of them."""
    command = [sys.executable, "-m", "pixels.ws", server.host, str(server.port), _WORKER]
    code = exit_code(Address(server.host, server.port).check)
    if code:
        return code
    return _Workers([subprocess.Popen(command) for _ in range(workers)]).wait()  # noqa: S603  # our own command


class _Workers:
    """Child processes: a signal to us is a signal to them, and the end of one is the end of all."""

    def __init__(self, children: list[subprocess.Popen[bytes]]) -> None:
        self._children = children

    def wait(self) -> int:
        """Wait for the first to end, stop the others, and return the first exit code that is not 0."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: self._tell(number))
        while all(child.poll() is None for child in self._children):
            time.sleep(POLL_S)
        self._tell(signal.SIGTERM)
        codes = [child.wait() for child in self._children]
        return next((EXIT_FAILED if code < 0 else code for code in codes if code), EXIT_OK)

    def _tell(self, number: int) -> None:
        for child in self._children:
            if child.poll() is None:
                child.send_signal(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
