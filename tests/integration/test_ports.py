"""`pixels serve` over any log and any bus, as real processes on a real DynamoDB Local and a real Redis."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from pixels.cluster.cluster import answers
from pixels.cluster.dynamodb_local import CREDENTIALS
from pixels.cluster.program import Program, free_port
from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.adapters.sqlite.schema import DATABASE_FILE
from pixels_core.client.pixels_client import PixelsClient
from tests.support.dynamodb_local import dynamodb_local, local_settings
from tests.support.repository import ROOT

pytestmark = pytest.mark.slow

COLOR = "#ff4500"
SECRET = "a secret of the tests' own, long enough"
_PIXELS = (sys.executable, "-c", "from pixels.cli import main; main()")


@dataclass(frozen=True)
class Services:
    """What the ports lead to; every test has a table of its own and an empty Redis."""

    redis: RedisServer
    table: DynamoSettings
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """The settings that say where everything is, and nothing about what to use."""
        return {
            "redis_url": self.redis.url,
            "dynamodb_endpoint": self.table.endpoint or "",
            "dynamodb_table": self.table.table,
        }

    def program(self, arguments: Sequence[str], settings: Mapping[str, str], ready: int | None = None) -> Program:
        """Return `pixels` with these arguments, not started; settings given here win. `ready` is its port."""
        named = {f"PIXELS_{name.upper()}": value for name, value in {**self.settings, **settings}.items()}
        return Program(
            " ".join(arguments),
            [*_PIXELS, *arguments],
            answers(ready, "/readyz") if ready else lambda: True,
            environment={**named, **CREDENTIALS, "PYTHONPATH": str(ROOT)},
            cwd=self.folder,
        )

    def server(self, log: str, bus: str, data: str = "data", **settings: str) -> tuple[Program, str]:
        """Return a standalone server, and its address."""
        port = free_port()
        command = ["serve", "--log", log, "--bus", bus, "--data", str(self.folder / data), "--port", str(port)]
        return self.program(command, settings, port), f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as environment, dynamodb_local() as address:
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        yield address


@pytest.fixture
def services(redis: RedisServer, endpoint: str, tmp_path: Path) -> Services:
    redis.flush()
    table = local_settings(endpoint)
    asyncio.run(create_table(table))
    return Services(redis, table, tmp_path)


@contextmanager
def started(*programs: Program) -> Iterator[None]:
    """Run programs until the block ends."""
    try:
        for program in programs:
            program.start()
        yield
    finally:
        for program in programs:
            program.kill()


async def place(url: str, x: int, y: int) -> int:
    """Place a pixel and return its seq; the wait for a live canvas is the client's."""
    async with asyncio.timeout(60), PixelsClient(url) as client:
        return (await client.place(x, y, COLOR)).seq


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(15):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  # REST tells only who asks
            await asyncio.sleep(0.1)


def canvas_of(url: str) -> dict[str, Any]:
    """Return the canvas's metadata."""
    found: dict[str, Any] = httpx.get(f"{url}/api/canvas/main").raise_for_status().json()
    return found


def pixel(url: str, x: int, y: int) -> tuple[str, int | None]:
    """Return a pixel's colour and seq as REST tells them."""
    found = httpx.get(f"{url}/api/canvas/main/pixel/{x}/{y}").raise_for_status().json()
    return found["hex"], found["seq"]


@pytest.mark.parametrize(
    ("log", "bus"), [("sqlite", "memory"), ("dynamodb", "memory"), ("sqlite", "redis"), ("dynamodb", "redis")]
)
async def test_any_log_goes_with_any_bus(services: Services, log: str, bus: str) -> None:
    """[DIST-14] [SEQ-6] What was acknowledged outlives kill -9, wherever the log is and whatever the bus."""
    server, url = services.server(log, bus)
    with started(server):
        assert await place(url, 10, 20) == 1
        lease = await asyncio.to_thread(services.redis.do, "EXISTS", "pixels:{main}:lease")
        assert bool(lease) is (bus == "redis")
        assert (services.folder / "data" / DATABASE_FILE).exists() is (log == "sqlite")
        epoch = canvas_of(url)["epoch"]
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        assert await place(url, 11, 20) == 2
        assert canvas_of(url)["epoch"] == epoch
        # In DynamoDB records follow behind.
        await eventually(lambda: [pixel(url, 10, 20), pixel(url, 11, 20)] == [(COLOR, 1), (COLOR, 2)])
        assert await asyncio.to_thread(server.terminate) == 0


async def test_whole_servers_over_one_log_and_bus_show_one_canvas(services: Services) -> None:
    """[DIST-14] [DIST-1] Each serves pages, REST and sockets; one of them decides."""
    one, first = services.server("dynamodb", "redis", "one", secret=SECRET)
    other, second = services.server("dynamodb", "redis", "other", secret=SECRET)
    with started(one, other):
        assert await place(first, 1, 1) == 1
        assert await place(second, 2, 2) == 2
        await eventually(lambda: canvas_of(first)["seq"] == canvas_of(second)["seq"] == 2)
        assert canvas_of(first)["checksum"] == canvas_of(second)["checksum"]


async def test_two_logs_do_not_share_a_bus(services: Services) -> None:
    """[DIST-16] Two machines with an SQLite log each would mix two canvases; the second is told so."""
    one, first = services.server("sqlite", "redis", "one", secret=SECRET)
    with started(one):
        assert await place(first, 1, 1) == 1
        for command in (("serve", "--log", "sqlite", "--data", str(services.folder / "other")), ("ws",), ("api",)):
            given = {"log": "dynamodb", "bus": "redis", "secret": SECRET}
            assert "processes with another log" in await refused(services, 2, *command, **given)
        assert await place(first, 2, 2) == 2
        assert await asyncio.to_thread(one.terminate) == 0
    other, second = services.server("sqlite", "redis", "other", secret=SECRET)
    with started(other):
        assert await place(second, 3, 3) == 1


@pytest.mark.parametrize(
    ("command", "settings", "sentence"),
    [
        (("serve", "--log", "dynamodb"), {"dynamodb_table": "nothing-there"}, "pixels init"),
        (("serve", "--bus", "redis"), {"redis_url": "redis://ada:tea@127.0.0.1:{redis}/0"}, "PIXELS_REDIS_URL"),
        (("serve", "--bus", "redis"), {"redis_url": "http://127.0.0.1"}, "PIXELS_REDIS_URL"),
        (("serve",), {"log": "memory"}, "PIXELS_LOG"),
        (("serve",), {"bus": "carrier"}, "PIXELS_BUS"),
        (("serve", "--log", "dynamodb"), {"dynamodb_region": "Mars!"}, "PIXELS_DYNAMODB_REGION"),
        (("api",), {"log": "sqlite", "bus": "redis", "secret": SECRET}, "PIXELS_LOG=dynamodb"),
        (("api",), {"log": "dynamodb", "bus": "memory", "secret": SECRET}, "PIXELS_BUS=redis"),
        (("api",), {"log": "dynamodb", "bus": "redis"}, "PIXELS_SECRET"),
        (("ws",), {"log": "sqlite", "bus": "redis", "secret": SECRET}, "PIXELS_LOG=dynamodb"),
        (("ws", "--workers", "2"), {"log": "sqlite", "bus": "redis", "secret": SECRET}, "PIXELS_LOG=dynamodb"),
        (("ws", "--workers", "2"), {"log": "dynamodb", "bus": "memory", "secret": SECRET}, "PIXELS_BUS=redis"),
        (("ws", "--workers", "2"), {"log": "dynamodb", "bus": "redis"}, "PIXELS_SECRET"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    services: Services, command: tuple[str, ...], settings: dict[str, str], sentence: str
) -> None:
    """[DIST-14] At the start, in one sentence that says what to set."""
    given = {name: value.format(redis=services.redis.port) for name, value in settings.items()}
    assert sentence in await refused(services, 2, *command, **given)


@pytest.mark.parametrize(
    ("command", "settings", "sentence"),
    [
        (("serve", "--bus", "redis"), {"redis_url": "redis://127.0.0.1:1/0"}, "Redis is out of reach"),
        (
            ("serve", "--log", "dynamodb"),
            {"dynamodb_endpoint": "http://127.0.0.1:1", "dynamodb_total_seconds": "0.3"},
            "cannot be used now",
        ),
    ],
)
async def test_what_is_away_ends_a_start(
    services: Services, command: tuple[str, ...], settings: dict[str, str], sentence: str
) -> None:
    assert sentence in await refused(services, 1, *command, **settings)


async def refused(services: Services, code: int, *command: str, **settings: str) -> str:
    """Start something that has to end with this code; return the only line it writes."""
    program = services.program([*command, "--port", str(free_port())], {"log_level": "ERROR", **settings})
    program.spawn()
    try:
        assert await asyncio.to_thread(program.wait, 60) == code, program.log
    finally:
        program.kill()
    (line,) = program.log
    assert line.startswith("pixels: ")
    return line


def test_what_is_not_used_is_not_loaded() -> None:
    """A server alone, over SQLite, waits for neither Redis's nor Amazon's library."""
    script = "import pixels.standalone, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert "litestar" in loaded
    assert not {"redis", "hiredis", "aiobotocore", "botocore", "aiohttp"} & loaded
