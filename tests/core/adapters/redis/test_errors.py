"""What a host is told when Redis is at fault: real servers, real refusals."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis.exceptions import DataError

from pixels.cluster.program import free_port
from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.redis.bus import RedisBus
from pixels_core.adapters.redis.errors import translated
from pixels_core.errors import BusUnavailable, ConfigurationError
from tests.support.repository import ROOT


@contextmanager
def redis_with(*options: str) -> Iterator[RedisServer]:
    server = RedisServer(*options)
    server.start()
    try:
        yield server
    finally:
        server.kill()


async def check(url: str) -> None:
    bus = RedisBus.connect(url, "main")
    try:
        await bus.check()
    finally:
        await bus.close()


async def test_a_password_that_is_missing_or_wrong() -> None:
    with redis_with("--requirepass", "tea") as server:
        with pytest.raises(ConfigurationError, match="PIXELS_REDIS_URL"):
            await check(server.url)
        with pytest.raises(ConfigurationError, match="PIXELS_REDIS_URL"):
            await check(server.url.replace("//", "//:coffee@"))
        await check(server.url.replace("//", "//:tea@"))


async def test_a_user_who_may_not() -> None:
    """Not these keys, or not one of the commands; what docs/operations.md lists is enough."""
    with redis_with() as server:
        url = server.url.replace("//", "//ada:tea@")
        for rules in (["~other:*", "+@all"], ["~pixels:*", "+@all", "-xadd"], ["~pixels:*", "+@read"]):
            server.do("ACL", "SETUSER", "ada", "reset", "on", ">tea", *rules)
            with pytest.raises(ConfigurationError, match="does not allow the user"):
                await check(url)
        page = (ROOT / "docs" / "operations.md").read_text("utf-8")
        rules = re.findall(r"ACL SETUSER pixels on >\S+ (.+)", page)[0].split()
        server.do("ACL", "SETUSER", "ada", "reset", "on", ">tea", *rules)
        await asyncio.gather(*(check(url) for _ in range(20)))
        assert server.do("KEYS", "*") == []


async def test_a_replica(redis: RedisServer) -> None:
    with (
        redis_with("--replicaof", "127.0.0.1", str(redis.port)) as server,
        pytest.raises(ConfigurationError, match="read-only replica"),
    ):
        await check(server.url)


async def test_nobody_there() -> None:
    with pytest.raises(BusUnavailable, match="out of reach"):
        await check(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(BusUnavailable, match="out of reach"):
        await check("unix:///nowhere/redis.sock")


async def test_no_memory_left() -> None:
    with (
        redis_with("--maxmemory", "1", "--maxmemory-policy", "noeviction") as server,
        pytest.raises(BusUnavailable, match="refuses a command"),
    ):
        await check(server.url)


def test_whatever_else_redis_py_raises_is_ours_too() -> None:
    with pytest.raises(BusUnavailable), translated():
        raise DataError("?")
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
