"""A real Redis (or Valkey) for tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from pixels.cluster.redis_server import RedisServer


@cache
def _shared() -> RedisServer:
    server = RedisServer()
    server.start()
    return server


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """Run one for all tests of this process."""
    server = _shared()
    yield server
    server.kill()
    _shared.cache_clear()


@pytest.fixture
def redis(shared_redis: RedisServer) -> RedisServer:
    """Return the shared server, empty; a test that breaks it takes `own_redis`."""
    shared_redis.flush()
    return shared_redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """Run one for this test alone."""
    server = RedisServer()
    server.start()
    yield server
    server.resume()
    server.kill()
