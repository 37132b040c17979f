"""A Redis (or Valkey) server that keeps nothing on disk, and can be killed, paused and restarted."""

from __future__ import annotations

import shutil
from typing import Any

from redis import Redis

from pixels_core.errors import ConfigurationError

from .program import Program, free_port, listens


class RedisServer(Program):
    """One server on one port, from start to start.

    Args:
        options: more of redis-server's options, as "--requirepass", "tea".
        port: where it listens; a free port without it.
    """

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            raise ConfigurationError("Redis is not installed here; run .ci/setup services.")
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__("Redis", [*command, "--dir", "/tmp", *options], lambda: listens(self.port))  # noqa: S108

    @property
    def url(self) -> str:
        """Where it is, for PIXELS_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Redis:
        """Return a connection of its own, to be closed; what is refused to later ones is not to be refused to it."""
        return Redis(port=self.port, socket_timeout=5, single_connection_client=True)

    def do(self, *command: Any) -> Any:
        """Run one command and return its answer."""
        with Redis.from_url(self.url, socket_timeout=5) as client:
            return client.execute_command(*command)

    def flush(self) -> None:
        """Let it forget everything."""
        self.do("FLUSHALL")
