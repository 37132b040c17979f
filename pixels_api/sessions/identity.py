"""Who sends a request: the address, the session, and whether a page of another site is behind it."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from pixels_api.dependencies import Dependencies
from pixels_api.settings import ApiSettings
from pixels_core.errors import ClientFault, ReasonCode, TokenError
from pixels_core.web.client_address import client_address, is_trusted
from pixels_core.web.origins import origin_allowed
from pixels_core.web.tokens import Session

COOKIE = "pixels_session"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

Connection = ASGIConnection[Any, Any, Any, Any]


class OriginGuard:
    """Refuses what a page of another site wants to change, before anything else happens."""

    def __init__(self, settings: ApiSettings) -> None:
        self._allowed = settings.allowed_origins

    def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Raise ClientFault `foreign_origin` for a foreign page; scripts have no Origin and pass."""
        if connection.scope["method"] in _SAFE_METHODS:  # type: ignore[typeddict-item]  # only HTTP has guards here
            return
        if not origin_allowed(connection.headers.get("origin"), connection.headers.get("host"), self._allowed):
            raise ClientFault(code=ReasonCode.FOREIGN_ORIGIN)


def address_of(connection: Connection, settings: ApiSettings) -> str:
    """Return the client's address, "" where none is known."""
    peer = connection.client.host if connection.client else None
    return client_address(peer, _joined(connection, "x-forwarded-for"), settings.trusted_proxies)


def came_over_https(connection: Connection, settings: ApiSettings) -> bool:
    """Say whether the client speaks HTTPS: to us, or to the trusted proxy in front of us."""
    peer = connection.client.host if connection.client else None
    if is_trusted(peer, settings.trusted_proxies) and (protocol := _joined(connection, "x-forwarded-proto")):
        return protocol.split(",")[-1].strip().lower() == "https"
    return bool(connection.scope["scheme"] == "https")


def session_of(connection: Connection, dependencies: Dependencies) -> Session:
    """Return the session of the bearer token or, without one, of the cookie; raises TokenError."""
    now = dependencies.clock.now()
    bearer = _bearer(connection)
    return dependencies.signer.verify(connection.cookies.get(COOKIE) if bearer is None else bearer, now)


def session_to_renew(connection: Connection, dependencies: Dependencies) -> Session | None:
    """Return the session that goes on, None for a stranger; raises TokenError for a bearer that is not valid.

    A browser cannot see that its cookie is worn out, so it gets a new session; a script gets to know.
    """
    try:
        return session_of(connection, dependencies)
    except TokenError:
        if _bearer(connection) is not None:
            raise
        return None


def _bearer(connection: Connection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _joined(connection: Connection, header: str) -> str | None:
    """Return a header that may have been sent several times as one list."""
    values = connection.headers.getall(header, [])
    return ",".join(values) if values else None
