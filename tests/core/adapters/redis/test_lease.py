"""The lease, on a real Redis."""

from __future__ import annotations

import asyncio

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.redis.bus import RedisBus
from pixels_core.adapters.redis.lease import Lease, LeaseLost

KEY = "pixels:{main}:lease"


async def held(bus: RedisBus, node: str = "a", duration: int = 5_000) -> Lease:
    lease = bus.lease(node, duration)
    assert await lease.acquire()
    return lease


async def test_one_has_it_at_a_time(bus: RedisBus) -> None:
    """[DIST-1]"""
    first = await held(bus)
    second = bus.lease("b", 5_000)
    assert not await second.acquire()
    await first.release()
    assert await second.acquire()
    assert (first.term, second.term) == (1, 2)


async def test_it_runs_out_unless_it_is_renewed(bus: RedisBus, every_redis: RedisServer) -> None:
    lease = await held(bus, duration=60_000)
    every_redis.do("PEXPIRE", KEY, 30_000)
    await lease.renew()
    assert 30_000 < every_redis.do("PTTL", KEY) <= 60_000
    every_redis.do("PEXPIRE", KEY, 1)
    await asyncio.sleep(0.1)
    with pytest.raises(LeaseLost, match="Node a lost the lease of term 1"):
        await lease.renew()


async def test_who_lost_it_cannot_touch_another_holders(bus: RedisBus, every_redis: RedisServer) -> None:
    """[DIST-2] Not even under the same name."""
    old = await held(bus)
    every_redis.do("DEL", KEY)
    new = await held(bus)
    await old.release()
    assert every_redis.do("EXISTS", KEY) == 1
    with pytest.raises(LeaseLost):
        await old.transaction(lambda pipe: pipe.set("x", 1))
    assert every_redis.do("EXISTS", "x") == 0
    await new.transaction(lambda pipe: pipe.set("x", 1))
    assert every_redis.do("EXISTS", "x") == 1


async def test_renewing_it_breaks_no_transaction(bus: RedisBus, every_redis: RedisServer) -> None:
    """A renewal changes the watched key; what was to be published is published all the same, once."""
    lease = await held(bus)

    async def publish() -> None:
        for _ in range(200):
            await lease.transaction(lambda pipe: pipe.incr("x"))

    async def renew() -> None:
        for _ in range(200):
            await lease.renew()

    await asyncio.gather(publish(), renew())
    assert every_redis.do("GET", "x") == b"200"


async def test_losing_it_within_a_transaction(bus: RedisBus, every_redis: RedisServer) -> None:
    """[DIST-2] Between the look at the lease and the commands."""
    lease = await held(bus)

    def fill(pipe: object) -> None:
        pipe.set("x", 1)  # type: ignore[attr-defined]
        every_redis.do("SET", KEY, "another", "PX", 5_000)

    with pytest.raises(LeaseLost):
        await lease.transaction(fill)
    assert every_redis.do("EXISTS", "x") == 0
