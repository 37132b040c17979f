"""Fixtures of the adapters' tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.adapters.redis.bus import RedisBus
from tests.support.dynamodb_local import _shared_dynamodb_ends, local_settings, shared_endpoint
from tests.support.redis_kinds import each_kind_of_redis, every_redis
from tests.support.redis_server import own_redis, redis, shared_redis

__all__ = [
    "_shared_dynamodb_ends", "each_kind_of_redis", "every_redis", "no_table", "own_redis", "redis", "shared_redis",
    "table",
]  # fmt: skip


@pytest.fixture
def no_table() -> DynamoSettings:
    """Return settings for a table of a real DynamoDB Local that is not there."""
    return local_settings(shared_endpoint())


@pytest.fixture
async def table(no_table: DynamoSettings) -> DynamoSettings:
    """Return settings for an empty table of a real DynamoDB Local."""
    await create_table(no_table)
    return no_table


@pytest.fixture
async def bus(every_redis: RedisServer) -> AsyncIterator[RedisBus]:
    """Return a bus on an empty server of each kind: alone, in cluster mode, behind TLS and a password, and Valkey."""
    bus = RedisBus.connect(every_redis.url, "main")
    yield bus
    await bus.close()
