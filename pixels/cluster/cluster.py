"""All programs of a distributed canvas: Redis, DynamoDB Local, `pixels api`, several `pixels ws`, HAProxy."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeVar

import httpx

from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.adapters.dynamodb.table import create_table

from .dynamodb_local import CREDENTIALS, DynamoDBLocal
from .haproxy import Proxy
from .program import Program, free_port
from .redis_server import RedisServer

AnyCluster = TypeVar("AnyCluster", bound="Cluster")
_PIXELS: Final = (sys.executable, "-m", "pixels")
UNLIMITED: Final = {
    "user_rate": "100000", "user_burst": "100000", "address_rate": "1000000", "address_burst": "1000000",
    "socket_rate": "100000", "socket_burst": "100000", "max_connections_per_address": "10000",
    "sessions_per_minute": "100000",
}  # fmt: skip
"""Settings under which nothing is refused for coming too fast."""


def answers(port: int, path: str, *statuses: int) -> Callable[[], bool]:
    """Return a question: does an HTTP server answer so?"""

    def ask() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code in (statuses or (200,))
        except httpx.HTTPError:
            return False

    return ask


class Cluster:
    """All of it.

    Args:
        folder: where files of the run are.
        nodes: how many socket processes.
        port: where the proxy listens; a free port without it.
        settings: settings by their names, as `{"user_rate": "5"}`.
    """

    def __init__(
        self, folder: Path, nodes: int = 2, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.redis = RedisServer()
        self.dynamo = DynamoDBLocal()
        self._environment = self._settings(settings or {})
        self._folder = folder
        self.node_ports = [free_port() for _ in range(nodes)]
        self.nodes = [self._node(number, port) for number, port in enumerate(self.node_ports)]
        self.api_port = free_port()
        self.api = self.program("api", "api", "--port", str(self.api_port), ready=answers(self.api_port, "/healthz"))
        self.proxy = Proxy(folder, self.node_ports, [self.api_port], port)

    @property
    def url(self) -> str:
        """The address of the canvas, without a slash at the end."""
        return self.proxy.url

    @property
    def dynamo_settings(self) -> DynamoSettings:
        """The settings with which the log can be read."""
        return DynamoSettings(endpoint=self.dynamo.endpoint, table="pixels", totals_seconds=0)

    @property
    def programs(self) -> list[Program]:
        """Everything that runs."""
        return [self.redis, self.dynamo, *self.nodes, self.api, self.proxy]

    def start(self) -> None:
        """Start everything, in the order in which it is needed; returns when the canvas can be drawn on."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(Program.start, [self.redis, self.dynamo]))
            asyncio.run(create_table(self.dynamo_settings))
            list(pool.map(Program.start, [*self.nodes, self.api]))
        self.proxy.start()

    def stop(self) -> None:
        """End everything, at once."""
        for program in reversed(self.programs):
            program.resume()
            program.kill()
        self.dynamo.remove()

    def leader(self) -> Program | None:
        """Return the node that holds the lease, None while nobody does."""
        value = self.redis.do("GET", "pixels:{main}:lease")
        pid = int(value.decode().split(":")[1].split("-")[-2]) if value else None
        return next((node for node in self.nodes if node.running and node.pid == pid), None)

    def terms(self) -> list[float]:
        """Return when each term of leadership began, by `time.monotonic`."""
        found = [zip(node.moments, node.log, strict=False) for node in self.nodes]
        return sorted(moment for lines in found for moment, line in lines if " leads term " in line)

    async def open_log(self) -> DynamoStore:
        """Open the log, to look at it."""
        return await DynamoStore.open(self.dynamo_settings, "main", None)

    def _settings(self, settings: Mapping[str, str]) -> dict[str, str]:
        ours = {
            "host": "127.0.0.1", "log": "dynamodb", "bus": "redis", "redis_url": self.redis.url,
            "secret": "the secret of a canvas on one machine", "trusted_proxies": "127.0.0.0/8",
            "dynamodb_endpoint": self.dynamo.endpoint, **settings,
        }  # fmt: skip
        named = {f"PIXELS_{name.upper()}": value for name, value in ours.items()}
        return {**named, **CREDENTIALS}

    def program(
        self,
        name: str,
        *arguments: str,
        ready: Callable[[], bool] = lambda: True,
        settings: Mapping[str, str] | None = None,
    ) -> Program:
        """Return `pixels` with these arguments and this cluster's settings, not started; those given here win."""
        given = {f"PIXELS_{key.upper()}": value for key, value in (settings or {}).items()}
        environment = {**self._environment, **given}
        return Program(name, [*_PIXELS, *arguments], ready, environment=environment, cwd=self._folder)

    def _node(self, number: int, port: int) -> Program:
        return self.program(f"node{number}", "ws", "--port", str(port), ready=answers(port, "/readyz"))


@contextmanager
def running(make: Callable[[], AnyCluster]) -> Iterator[AnyCluster]:
    """Run what `make` makes until the block ends."""
    os.environ.update(CREDENTIALS)
    cluster = make()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def running_cluster(
    folder: Path, nodes: int = 2, port: int | None = None, settings: Mapping[str, str] | None = None
) -> AbstractContextManager[Cluster]:
    """Run a distributed canvas until the block ends."""
    return running(lambda: Cluster(folder, nodes, port, settings))
