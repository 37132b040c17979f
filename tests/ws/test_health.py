"""What a load balancer asks a socket process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter

from pixels_core.protocol.messages import Mode
from pixels_ws.health import with_health


class Asked:
    """An application under test, asked by path."""

    def __init__(self, mode: Mode = Mode.LIVE, *, accepting: bool = True) -> None:
        registry = CollectorRegistry()
        Counter("pixels_test", "A test.", registry=registry).inc()
        self.passed_on: list[str] = []
        sockets: Any = _Sockets(self._sockets, accepting)
        hub: Any = SimpleNamespace(mode=mode)
        self._application = with_health(sockets, hub, registry)

    async def _sockets(self, scope: Any, _receive: Any, _send: Any) -> None:
        self.passed_on.append(scope["path"])

    async def ask(self, path: str, kind: str = "http") -> tuple[int, bytes]:
        """Return status and body; (0, b"") where nothing was answered."""
        sent: list[dict[str, Any]] = []

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await self._application({"type": kind, "path": path}, None, send)
        return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


class _Sockets:
    def __init__(self, serve: Any, accepting: bool) -> None:
        self.accepting = accepting
        self._serve = serve

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._serve(scope, receive, send)


@pytest.mark.parametrize(
    ("mode", "accepting", "status"),
    [(Mode.LIVE, True, 200), (Mode.DEGRADED, True, 503), (Mode.LIVE, False, 503)],
)
async def test_readiness_follows_the_canvas(mode: Mode, accepting: bool, status: int) -> None:
    """[SEQ-4] A load balancer sends newcomers elsewhere; those who are here stay."""
    asked = Asked(mode, accepting=accepting)
    assert (await asked.ask("/readyz"))[0] == status
    assert (await asked.ask("/healthz"))[0] == 200


async def test_metrics_are_shown() -> None:
    status, body = await Asked().ask("/metrics")
    assert status == 200
    assert b"pixels_test_total 1.0" in body


@pytest.mark.parametrize(("path", "kind"), [("/ws", "http"), ("/ws", "websocket"), ("/healthz", "websocket")])
async def test_everything_else_is_passed_on(path: str, kind: str) -> None:
    asked = Asked()
    assert await asked.ask(path, kind) == (0, b"")
    assert asked.passed_on == [path]


async def test_it_starts_and_ends_with_the_server() -> None:
    asked, said = Asked(), []
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict[str, str]:
        return next(events)

    async def send(event: dict[str, str]) -> None:
        said.append(event["type"])

    await asked._application({"type": "lifespan"}, receive, send)
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
