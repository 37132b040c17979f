"""Liveness, readiness and metrics of a socket process, beside `/ws`: what a load balancer asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from pixels_core.protocol.messages import Mode

from .app import SocketApp
from .hub import Hub

Application = Callable[..., Any]


def with_health(sockets: SocketApp, hub: Hub, registry: CollectorRegistry) -> Application:
    """Return an application that answers `/healthz`, `/readyz` and `/metrics`, and passes everything else on."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        answer = _answer(scope.get("path", ""), sockets, hub, registry) if scope["type"] == "http" else None
        if answer is None:
            await sockets(scope, receive, send)
            return
        status, kind, body = answer
        headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def _answer(path: str, sockets: SocketApp, hub: Hub, registry: CollectorRegistry) -> tuple[int, str, bytes] | None:
    if path == "/healthz":
        return 200, "text/plain", b"ok\n"
    if path == "/readyz":
        if not sockets.accepting:
            return 503, "text/plain", b"stopping\n"
        return (503, "text/plain", b"degraded\n") if hub.mode is Mode.DEGRADED else (200, "text/plain", b"ok\n")
    if path == "/metrics":
        return 200, CONTENT_TYPE_LATEST, generate_latest(registry)
    return None


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
