"""One application over one small canvas, the real engine under it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from pixels_api import ApiSettings, Dependencies, create_app
from pixels_core.adapters.clock import ManualClock
from pixels_core.tokens import TokenSigner
from tests.support.hosts import EngineHost

START = 1_700_000_000_000


@dataclass
class World:
    """What a test can reach: the clock, the host and the settings the next application is made with."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    signer: TokenSigner = field(default_factory=lambda: TokenSigner(b"s" * 32))
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.host = EngineHost(self.clock)
        self.dependencies = Dependencies(
            hosts={"main": self.host},
            records={"main": self.host.store},
            users=self.host.store,
            signer=self.signer,
            clock=self.clock,
        )

    def app(self) -> Litestar:
        """Return an application over this world; the environment and `.env` have no say."""
        return create_app(self.dependencies, ApiSettings(_env_file=None, **self.options))


Client = AsyncTestClient[Litestar]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with AsyncTestClient(app=world.app()) as running:
        yield running
