"""A canvas put together: alone, and on a bus with others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.errors import BusUnavailable, ConfigurationError, ServerFault
from pixels_core.ports import EventLog
from pixels_core.protocol.messages import Mode, Role
from pixels_core.rules.commands import Actor, PostNotice
from pixels_core.rules.effects import Accepted
from pixels_core.rules.events import EventBatch
from pixels_core.web.tokens import TokenSigner
from pixels_ws import hub as hub_module
from pixels_ws.metrics import SocketMetrics
from pixels_ws.running_canvas import CanvasContext, RunningCanvas, start_canvas
from tests.support.builders import read_all
from tests.ws.bus_world import eventually
from tests.ws.world import FaultyLog, IsolatedSettings

MOD = Actor(user="mod", role=Role.MODERATOR)
SECRET = "s" * 32


def context(log: EventLog, url: str | None = None, **settings: object) -> CanvasContext:
    """Return surroundings: with Redis at `url`, or alone."""
    bus = {"bus": "redis", "redis_url": url} if url else {}
    return CanvasContext(
        IsolatedSettings.model_validate({"width": 16, "height": 12, **settings}),
        ServerSettings.model_validate({"node": "same-name", "secret": SECRET, **bus}),
        log,
        TokenSigner(SECRET.encode()),
        SystemClock(),
        SocketMetrics(CollectorRegistry()),
    )


@asynccontextmanager
async def running(log: EventLog, url: str | None = None, **settings: object) -> AsyncIterator[RunningCanvas]:
    canvas = await start_canvas(context(log, url, **settings))
    try:
        yield canvas
    finally:
        await canvas.close()


def notice(text: str) -> PostNotice:
    return PostNotice(actor=MOD, text=text)


async def test_alone_it_is_live_at_once() -> None:
    log = FaultyLog()
    async with running(log) as canvas:
        assert await canvas.hub.execute(notice("a")) == Accepted(1)
        await canvas.drain()
        assert not canvas.sockets.accepting
    assert len(await read_all(log)) == 1


async def test_several_on_one_bus_are_one_canvas(redis: RedisServer) -> None:
    """[DIST-1] Also under one name, as the workers of one process are; one may stop, and the other goes on."""
    log = FaultyLog()
    async with running(log, redis.url) as one, running(log, redis.url) as other:
        assert one.hub.mode is other.hub.mode is Mode.DEGRADED, "until somebody leads"
        await _live(one, other)
        assert await one.hub.execute(notice("a")) == Accepted(1)
        assert await other.hub.execute(notice("b")) == Accepted(2)
        await eventually(lambda: one.hub.state.notice == other.hub.state.notice == "b")
        await one.drain()
        await one.close()
        assert await other.hub.execute(notice("c")) == Accepted(3)
    assert redis.do("EXISTS", "pixels:{main}:lease") == 0
    assert redis.do("ZCARD", "pixels:{main}:nodes") == 0


async def _live(*canvases: RunningCanvas) -> None:
    await eventually(lambda: all(canvas.hub.mode is Mode.LIVE for canvas in canvases))


async def test_only_the_leader_saves_snapshots(redis: RedisServer) -> None:
    log = FaultyLog()
    saved: list[int] = []
    save = log.save_snapshot

    async def noted(number: int, data: bytes) -> None:
        saved.append(number)
        await save(number, data)

    log.save_snapshot = noted  # type: ignore[method-assign,assignment]
    async with (
        running(log, redis.url, snapshot_seconds=0.2) as one,
        running(log, redis.url, snapshot_seconds=0.2) as other,
    ):
        await _live(one, other)
        await one.hub.execute(notice("a"))
        await eventually(lambda: 1 in saved)
        await asyncio.sleep(0.6)
    assert saved.count(1) == 1


async def test_without_redis_it_does_not_start(redis: RedisServer) -> None:
    with pytest.raises(BusUnavailable, match="out of reach"):
        await start_canvas(context(FaultyLog(), "redis://127.0.0.1:1/0"))
    with pytest.raises(ConfigurationError, match="PIXELS_REDIS_URL"):
        await start_canvas(context(FaultyLog(), redis.url.replace("//", "//ada:tea@")))


@pytest.mark.parametrize("broken", ["leader", "log"])
async def test_what_breaks_in_an_unforeseen_way_ends_the_work(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """[DIST-9] And is raised when the canvas is closed."""
    log = FaultyLog()

    async def fail(_batch: EventBatch) -> None:
        raise ZeroDivisionError

    canvas = await start_canvas(context(log, redis.url))
    await _live(canvas)
    if broken == "leader":
        monkeypatch.setattr(log, "append", fail)
        asking = asyncio.create_task(canvas.hub.execute(notice("a")))
    else:
        monkeypatch.setattr(canvas.hub, "on_batch", fail_at_once)
        asking = asyncio.create_task(canvas.hub.execute(notice("a")))
    await asyncio.wait({canvas.work}, timeout=10)
    assert canvas.work.done()
    with pytest.raises(ZeroDivisionError):
        await canvas.close()
    asking.cancel()


def fail_at_once(_batch: EventBatch) -> None:
    raise ZeroDivisionError


async def test_a_verdict_that_never_comes(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-5] The asker is told that it may have been done."""
    monkeypatch.setattr(hub_module, "EXECUTE_S", 0.3)
    log = FaultyLog()
    async with running(log, redis.url) as canvas:
        await _live(canvas)
        log.pace.clear()
        with pytest.raises(ServerFault, match="look before you repeat it"):
            await canvas.hub.execute(notice("a"))
        log.pace.set()


async def test_a_newcomer_waits_for_a_node_that_is_behind(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-11] For a while; a client that has seen more than this node waits, too."""
    monkeypatch.setattr(hub_module, "CATCH_UP_TIMEOUT_S", 0.3)
    async with running(FaultyLog(), redis.url) as canvas:
        hub = canvas.hub
        await _live(canvas)
        await eventually(lambda: hub.online == 0)
        assert await hub.wait_until_caught_up()
        hub.on_behind(behind=True)
        assert not await hub.wait_until_caught_up()
        waiting = asyncio.create_task(hub.wait_until_caught_up())
        await asyncio.sleep(0.05)
        hub.on_behind(behind=False)
        assert await waiting
        ahead = asyncio.create_task(hub.wait_until_caught_up(since=1))
        await asyncio.sleep(0.05)
        assert not ahead.done()
        await hub.execute(notice("a"))
        assert await ahead
        assert await hub.wait_until_caught_up(since=99), "a log that was cut short is followed back"
