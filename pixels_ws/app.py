"""The ASGI application of the socket tier: it routes a socket through handshake, hub and reader, nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from inspect import iscoroutine
from typing import Any

import orjson

from pixels_core.errors import ClientFault, PixelsError, ReasonCode
from pixels_core.ports import Clock
from pixels_core.rules.token_bucket import RateLimit
from pixels_core.web.http_status import http_status

from .hub import Hub
from .metrics import SocketMetrics
from .settings import SocketSettings
from .sockets.connection import Connection
from .sockets.handshake import Admission, Gatekeeper, Scope
from .sockets.inbound import Inbound
from .sockets.outbound import AsgiEvent, Send
from .sockets.tcp_reset import reset_connection

Receive = Callable[[], Awaitable[AsgiEvent]]

PAUSE_S = 0.05
"""A client that sends nothing for so long has nothing more on the way."""
HEAR_OUT_S = 1.0
"""How long a client that does not pause is listened to before its socket is closed all the same."""


class SocketApp:
    """Serves `/ws`.

    Args:
        hubs: the hub of each canvas.
        gatekeeper: decides who may come in.
        clock: the time.
        settings: the socket tier's settings.
        metrics: where refusals are counted.
    """

    def __init__(
        self,
        hubs: Mapping[str, Hub],
        gatekeeper: Gatekeeper,
        clock: Clock,
        settings: SocketSettings,
        metrics: SocketMetrics,
    ) -> None:
        self._hubs = hubs
        self._gatekeeper = gatekeeper
        self._clock = clock
        self._limit = RateLimit(settings.socket_rate, settings.socket_burst)
        self._metrics = metrics
        self.accepting = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a plain HTTP request is told what a handshake would have been told."""
        if scope["type"] == "http":
            await self._explain(scope, send)
            return
        await receive()
        try:
            admission = self._admit(scope)
        except PixelsError as problem:
            await self._reject_handshake(problem, send)
            return
        try:
            if not await self._hubs[admission.canvas].wait_until_caught_up(admission.since):
                await self._reject_handshake(ClientFault(code=ReasonCode.UNAVAILABLE), send)
                return
            await send({"type": "websocket.accept", "subprotocol": admission.subprotocol})
            await self._serve(admission, scope, receive, send)
        finally:
            self._gatekeeper.release(admission)

    def _admit(self, scope: Scope) -> Admission:
        if not self.accepting:
            raise ClientFault(code=ReasonCode.SHUTTING_DOWN)
        return self._gatekeeper.admit(scope, self._clock.now())

    async def _serve(self, admission: Admission, scope: Scope, receive: Receive, send: Send) -> None:
        hub = self._hubs[admission.canvas]
        connection = Connection(
            admission,
            send,
            self._clock.now(),
            hub.catch_up,
            self._limit.burst,
            partial(reset_connection, scope.get("client"), scope.get("server")),
        )
        inbound = Inbound(connection, hub.state.identity.size, self._limit, hub.place, hub.heartbeat)
        hub.join(connection)
        if not self.accepting:  # it was admitted a moment before
            connection.close(ReasonCode.SHUTTING_DOWN)
        try:
            await self._read(connection, inbound, receive)
        finally:
            hub.leave(connection)

    async def _read(self, connection: Connection, inbound: Inbound, receive: Receive) -> None:
        while connection.close_reason is None:
            receiving = receive()
            waiting: Any = asyncio.ensure_future(receiving) if iscoroutine(receiving) else receiving
            connection.on_closing = waiting.cancel
            try:
                message = await waiting
            except asyncio.CancelledError:
                if connection.close_reason is None:
                    raise
                break
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            inbound.receive(message["bytes"] if text is None else text, self._clock.now())
        if await _drain_input(receive):
            await connection.finish()

    async def _reject_handshake(self, problem: PixelsError, send: Send) -> None:
        self._metrics.refused.labels(problem.code.value).inc()
        await _refuse(problem, send, "websocket.http.response")

    async def _explain(self, scope: Scope, send: Send) -> None:
        try:
            self._gatekeeper.check(scope, self._clock.now())
            problem = ClientFault("This address speaks WebSocket.", ReasonCode.UNSUPPORTED_PROTOCOL)
        except PixelsError as refusal:
            problem = ClientFault(str(refusal), refusal.code)
        await _refuse(problem, send, "http.response")


async def _drain_input(receive: Receive) -> bool:
    """Discard what a client still sends until it pauses; returns False where it is gone.

    A connection that is closed with input unread is reset, and the reset overtakes the close frame: whoever floods us
    would never be told so.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(HEAR_OUT_S):
            while True:
                async with asyncio.timeout(PAUSE_S):
                    message = await receive()
                if message["type"] == "websocket.disconnect":
                    return False
    return True


async def _refuse(problem: PixelsError, send: Send, kind: str) -> None:
    """Answer with a problem document (RFC 9457) instead of a socket."""
    status = http_status(problem.code)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": str(problem),
        "code": problem.code,
    }
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": f"{kind}.start", "status": int(status), "headers": headers})
    await send({"type": f"{kind}.body", "body": orjson.dumps(body)})
