"""Fixtures of the socket tier's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pixels_ws.sequencing import sequencer_host
from tests.support.redis_server import own_redis, redis, shared_redis
from tests.ws.world import World, running_world

__all__ = ["own_redis", "redis", "shared_redis"]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Return a running canvas with default settings."""
    async with running_world() as running:
        yield running


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sequencer's host try a failed log again at once."""
    monkeypatch.setattr(sequencer_host, "FIRST_RETRY_S", 0.005)
    monkeypatch.setattr(sequencer_host, "LONGEST_RETRY_S", 0.01)
