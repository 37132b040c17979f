"""Granian, embedded in our own event loop, so that start, signals and the order of shutdown are ours."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from pixels_core.errors import ConfigurationError

logger = logging.getLogger("pixels")

Application = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. With `shared` several processes take turns on one port."""

    host: str
    port: int
    shared: bool = False

    @property
    def url(self) -> str:
        """The address for people on this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", ""} else self.host  # noqa: S104  # only compared
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def check(self) -> None:
        """Fail with a sentence where the port is taken; Granian itself would share it with another Granian."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            option = socket.SO_REUSEPORT if self.shared else socket.SO_REUSEADDR
            probe.setsockopt(socket.SOL_SOCKET, option, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as problem:
                raise ConfigurationError(
                    f"Cannot listen on {self.host}:{self.port}: {problem.strerror}. "
                    "Choose another with --port or PIXELS_PORT."
                ) from problem


async def serve(
    application: Application,
    address: Address,
    *,
    until: asyncio.Future[Any],
    drain: Callable[[], Awaitable[None]],
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM, SIGINT or the end of `until`; then `drain`, while sockets are still served, and stop.

    Args:
        application: the ASGI application.
        address: where to listen; checked before this is called.
        until: work without which there is nothing to serve.
        drain: says goodbye to whoever is connected.
        ready: called when the port answers.
    """
    server = _server(application, address)
    serving = asyncio.create_task(server.serve())
    stop = _stop_signal()
    await _answering(address)
    ready()
    await asyncio.wait({serving, until, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    await drain()
    server.stop()
    await serving


def _server(application: Application, address: Address) -> Any:
    """Return the embedded server; Any, because Granian's embedding has no types yet."""
    return Server(
        application,
        address=address.host,
        port=address.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        backlog=2048,
        backpressure=65_536,
        log_enabled=False,
    )


async def _answering(address: Address) -> None:
    host = address.url.removeprefix("http://").rpartition(":")[0].strip("[]")
    for _ in range(200):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(host, address.port)
            writer.close()
            return
        await asyncio.sleep(0.02)


def _stop_signal() -> asyncio.Task[None]:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    async def wait() -> None:
        await stop.wait()

    return asyncio.create_task(wait())
