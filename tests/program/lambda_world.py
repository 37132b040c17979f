"""A canvas in the cloud for the Lambda function: DynamoDB Local, Redis, a socket node and `pixels api`, all real."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pixels.cluster.cluster import Cluster
from pixels.cluster.dynamodb_local import CREDENTIALS
from pixels.lambda_handler import LambdaFunction
from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.client.pixels_client import PixelsClient
from tests.program.lambda_events import Answer, Gateway, Request


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run a canvas with one socket node and one API, without a proxy; a few pixels are on it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        cluster = Cluster(tmp_path_factory.mktemp("lambda"), nodes=1, settings={"client_dir": ""})
        parts = [cluster.redis, cluster.dynamo, *cluster.nodes, cluster.api]
        try:
            for part in parts:
                part.start()
                if part is cluster.dynamo:
                    asyncio.run(create_table(cluster.dynamo_settings))
            asyncio.run(draw(cluster))
            metadata = f"http://127.0.0.1:{cluster.api_port}/api/canvas/main"
            eventually(lambda: httpx.get(metadata).json()["online"] == 0)  # or answers would differ for a while
            yield cluster
        finally:
            for part in reversed(parts):
                part.kill()
            cluster.dynamo.remove()


async def draw(cluster: Cluster) -> None:
    """Draw 20 pixels; the client speaks to one address, so a proxy starts for it, and stops again."""
    cluster.proxy.start()
    try:
        async with asyncio.timeout(60), PixelsClient(cluster.url) as client:
            for x in range(20):
                await client.place(x, 2 * x, "#ff4500")
    finally:
        cluster.proxy.kill()


@contextmanager
def _as_in_lambda(cluster: Cluster, folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """Have the environment of a function, and put everything back that it changes in its process."""
    levels = {name: logging.getLogger(name).level for name in ("", "botocore", "aiobotocore", "mangum")}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in cluster._environment.items():
            if name.startswith("PIXELS_"):
                patch.setenv(name, value)
        patch.delenv("PIXELS_TRUSTED_PROXIES")
        yield patch
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


class Environment:
    """One of Lambda's environments."""

    def __init__(self) -> None:
        self.function = LambdaFunction()

    def ask(self, gateway: Gateway, request: Request | str, **more: Any) -> Answer:
        """Send a request through a gateway; a path is a GET."""
        if isinstance(request, str):
            request = Request("GET", request, **more)
        return gateway.answer(self.function(gateway.event(request), object()))


@contextmanager
def an_environment() -> Iterator[Environment]:
    """Have a cold environment until the block ends."""
    environment = Environment()
    try:
        yield environment
    finally:
        environment.function.close()


@pytest.fixture
def variables(cluster: Cluster, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Set a function's variables, for a test that changes some of them or starts cold."""
    with _as_in_lambda(cluster, tmp_path) as patch:
        yield patch


@pytest.fixture(scope="module")
def warm(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Return an environment that has answered before."""
    with _as_in_lambda(cluster, tmp_path_factory.mktemp("task")), an_environment() as running:
        health = Gateway("load_balancer_health_check")
        assert health.answer(running.function(health.document, object())).status == 200
        yield running


def granian(cluster: Cluster, path: str, **headers: str) -> httpx.Response:
    """Ask the API process, without a client that decodes what it gets."""
    with httpx.Client(base_url=f"http://127.0.0.1:{cluster.api_port}") as client:
        request = client.build_request("GET", path, headers={"accept-encoding": "identity", **headers})
        answer = client.send(request, stream=True)
        answer.extensions["raw"] = b"".join(answer.iter_raw())
        answer.close()
        return answer


def problem_of(answer: Answer) -> dict[str, Any]:
    """Check that an answer is a problem; return its members."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert not answer.was_base64
    found: dict[str, Any] = json.loads(answer.body)
    assert found["status"] == answer.status
    return found


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
