"""Amazon's own DynamoDB Local for the tests: a real DynamoDB in memory, on a port of this machine."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

import pytest

from pixels.cluster.dynamodb_local import CREDENTIALS, find_dynamodb_local
from pixels.cluster.program import free_port
from pixels_core.adapters.dynamodb.settings import DynamoSettings

START_SECONDS = 60.0


@contextmanager
def dynamodb_local(port: int = 0) -> Iterator[str]:
    """Run one for as long as the block lasts; yields its address."""
    home = find_dynamodb_local()
    port = port or free_port()
    command = ["java", "-Xmx512m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    command += ["-inMemory", "-disableTelemetry", "-port", str(port)]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"DynamoDB Local did not start (exit code {process.poll()}).")


_shared = ExitStack()


@cache
def shared_endpoint() -> str:
    """Start one on first use, for all tests of this process, and have AWS's settings fit it."""
    environment = pytest.MonkeyPatch()
    for name, value in CREDENTIALS.items():
        environment.setenv(name, value)
    _shared.callback(environment.undo)
    return _shared.enter_context(dynamodb_local())


@pytest.fixture(scope="session", autouse=True)
def _shared_dynamodb_ends() -> Iterator[None]:
    """Stop the shared one when the tests end; conftest files import this."""
    yield
    shared_endpoint.cache_clear()
    _shared.close()


def local_settings(endpoint: str, **more: object) -> DynamoSettings:
    """Return settings for a table of its own that does not exist yet: counts are never old, patience is long."""
    given = {
        "endpoint": endpoint,
        "table": f"test-{secrets.token_hex(6)}",
        "totals_seconds": 0,
        "connect_seconds": 10,
        "request_seconds": 30,
        "total_seconds": 60,
    }
    return DynamoSettings.model_validate(given | more)
