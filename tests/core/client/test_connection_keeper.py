from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pixels_core.client import connection_keeper
from pixels_core.client.connection_keeper import ConnectionKeeper
from pixels_core.client.rest_client import RestClient
from pixels_core.errors import ServerUnreachable, TokenError
from pixels_core.sync import Lost, SyncClient, PlacementOutcome
from pixels.cluster.program import free_port
from tests.support.server import RunningServer, running_server


def make(url: str, token: str | None = None, give_up_s: float | None = None) -> ConnectionKeeper:
    return ConnectionKeeper(RestClient(url, token=token), SyncClient(1), "bot", random.Random(1), give_up_s)


@asynccontextmanager
async def started(keeper: ConnectionKeeper) -> AsyncIterator[ConnectionKeeper]:
    try:
        await keeper.start()
        yield keeper
    finally:
        await keeper.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("keeper"), width="16", height="16") as running:
        yield running


async def test_it_starts_and_stops(server: RunningServer) -> None:
    async with started(make(server.url)) as keeper:
        assert keeper.live
        assert keeper.session is not None
        assert keeper.session.name == "bot"
    with pytest.raises(ServerUnreachable, match="closed"):
        keeper.raise_failure()


async def test_the_first_connection_lasts(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    delays: list[float] = []

    def delay(*_: object) -> float:
        delays.append(0.0)
        return 0.0

    monkeypatch.setattr(connection_keeper, "delay", delay)
    async with started(make(server.url)) as keeper:
        answered = asyncio.Event()
        keeper.submit(1, 1, 3, lambda _: answered.set())
        await asyncio.wait_for(answered.wait(), 10)
        assert delays == []


async def test_what_waits_when_it_stops_is_lost(server: RunningServer) -> None:
    verdicts: list[PlacementOutcome] = []
    async with started(make(server.url)) as keeper:
        keeper.submit(1, 1, 3, verdicts.append)
        assert verdicts == []
    assert verdicts == [Lost()]


async def test_waiting_ends_in_time(server: RunningServer) -> None:
    async with started(make(server.url)) as keeper:
        assert not await keeper.wait_until(lambda: False, 0.01)
        assert await keeper.wait_until(lambda: True)


async def test_a_token_that_is_not_accepted(server: RunningServer) -> None:
    with pytest.raises(TokenError):
        async with started(make(server.url, token="forged")):
            pass


async def test_no_server() -> None:
    with pytest.raises(ServerUnreachable):
        async with started(make(f"http://127.0.0.1:{free_port()}")):
            pass


async def test_it_gives_up_where_that_is_wanted(tmp_path: Path) -> None:
    with running_server(tmp_path, width="16", height="16") as server:
        async with started(make(server.url, give_up_s=0.1)) as keeper:
            await asyncio.to_thread(server.kill9)
            with pytest.raises(ServerUnreachable, match="too long"):
                await keeper.wait_until(lambda: False, 30)
