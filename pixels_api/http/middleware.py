"""What every answer has, whatever the handler: security headers, CORS, HEAD, a place in the metrics.

Litestar's middleware belongs to routes, so an address that does not exist or a wrong method never meets it; this
wraps the whole application instead.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import cast

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from pixels_api.metrics import RequestMetrics

from .cors import add_vary, cross_origin_headers

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "  # the client positions things with style attributes
    "img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
    "connect-src 'self' ws: wss:; "  # older Safari does not count ws: as 'self'
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""A handler's own header of the same name wins: so only what says otherwise is ever cached."""


class Middleware:
    """Wraps an ASGI application.

    Args:
        app: Litestar's own handler, errors already answered.
        metrics: where answers are counted.
        allowed_origins: other sites whose pages may read answers.
    """

    def __init__(self, app: ASGIApp, metrics: RequestMetrics, allowed_origins: Sequence[str] = ()) -> None:
        self._app = app
        self._metrics = metrics
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        method = str(scope["method"])
        started, status = time.perf_counter(), 500
        if method == "HEAD":  # what GET says, without the body (RFC 9110, 9.3.2)
            scope = cast("HTTPScope", {**scope, "method": "GET"})
        cross_origin = cross_origin_headers(Headers.from_scope(scope), self._allowed_origins)

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders(message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.update(cross_origin)
                if self._allowed_origins:
                    add_vary(headers, "Origin")
            elif message["type"] == "http.response.body" and method == "HEAD":
                message["body"] = b""
            await send(message)

        try:
            await self._app(scope, receive, send_enveloped)
        finally:
            self._metrics.observe(scope.get("path_template"), method, status, time.perf_counter() - started)
