"""One application over one small canvas, the real engine under it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from pydantic_settings import SettingsConfigDict

from pixels_api import ApiSettings, Dependencies, create_app
from pixels_core.adapters.hosting.clock import ManualClock
from pixels_core.errors import ReasonCode
from pixels_core.web.tokens import TokenSigner
from tests.support.hosts import EngineHost

START = 1_700_000_000_000


class IsolatedSettings(ApiSettings):
    """Settings that neither the machine's environment nor an `.env` file can change."""

    model_config = SettingsConfigDict(env_prefix="PIXELS_API_TESTS_", env_file=None)


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
        return create_app(self.dependencies, IsolatedSettings(**self.options))

    def from_address(self, peer: str) -> httpx.AsyncClient:
        """Return a client whose connection comes from an address, or from the proxy that has it."""
        transport = httpx.ASGITransport(app=cast("Any", self.app()), client=(peer, 50_000))
        return httpx.AsyncClient(transport=transport, base_url="http://pixels.example")


Client = AsyncTestClient[Litestar]


def assert_problem(answer: httpx.Response, status: int, code: ReasonCode) -> dict[str, Any]:
    """Check that an answer is a problem+json with a code; return its members."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert set(body) - {"retryAfterMs"} == {"type", "title", "status", "detail", "code"}
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert "Traceback" not in body["detail"]
    return body


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with AsyncTestClient(app=world.app()) as running:
        yield running
