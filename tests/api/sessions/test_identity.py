"""Who sends a request, read from bare ASGI scopes; over HTTP it is tested in test_sessions.py."""

from __future__ import annotations

from typing import Any, cast

import pytest
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from pixels_api.sessions.identity import OriginGuard, address_of, came_over_https, session_of, session_to_renew
from pixels_core.errors import ClientFault, ReasonCode, TokenError
from pixels_core.protocol.messages import Role
from pixels_core.web.client_address import parse_network
from pixels_core.web.tokens import Session
from tests.api.conftest import START, IsolatedSettings, World

PROXIED = IsolatedSettings(trusted_proxies=(parse_network("10.0.0.0/8"),))


def connection(
    *headers: tuple[str, str], peer: str | None = "192.0.2.1", scheme: str = "http", method: str = "POST"
) -> ASGIConnection[Any, Any, Any, Any]:
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "client": (peer, 1) if peer else None,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "state": {},
    }
    return ASGIConnection(cast("Any", scope))


def test_several_headers_are_one_list() -> None:
    """[API-5] A proxy may add a header instead of appending to the one it got."""
    request = connection(("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "192.0.2.7"), peer="10.0.0.1")
    assert address_of(request, PROXIED) == "192.0.2.7"


def test_a_socket_without_an_address() -> None:
    assert address_of(connection(peer=None), PROXIED) == ""
    assert came_over_https(connection(peer=None, scheme="https"), PROXIED)


def test_the_nearest_proxy_tells_the_protocol() -> None:
    """[API-5] Of several entries the last one is the trusted proxy's own."""
    assert came_over_https(connection(("X-Forwarded-Proto", "http, HTTPS"), peer="10.0.0.1"), PROXIED)
    assert not came_over_https(connection(("X-Forwarded-Proto", "https, http"), peer="10.0.0.1"), PROXIED)
    assert not came_over_https(connection(("X-Forwarded-Proto", "https"), peer="192.0.2.1"), PROXIED)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_free_for_all_origins(method: str) -> None:
    OriginGuard(PROXIED)(
        connection(("Origin", "https://evil.example"), method=method), cast("BaseRouteHandler", None)
    )


def test_changing_is_not() -> None:
    """[SES-2] A foreign page may not change anything."""
    request = connection(("Origin", "https://evil.example"), ("Host", "pixels.example"))
    with pytest.raises(ClientFault) as refused:
        OriginGuard(PROXIED)(request, cast("BaseRouteHandler", None))
    assert refused.value.code is ReasonCode.FOREIGN_ORIGIN


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_bearer_tokens(world: World, scheme: str) -> None:
    """[SES-1] The scheme's case does not matter (RFC 9110, 11.1); other schemes are not ours."""
    session = Session(user="u_1", role=Role.ADMIN, expires_at=START + 1)
    request = connection(("Authorization", f"{scheme}  {world.signer.sign(session)} "))
    assert session_of(request, world.dependencies) == session
    world.clock.advance(1)
    with pytest.raises(TokenError) as refused:
        session_to_renew(request, world.dependencies)
    assert refused.value.code is ReasonCode.EXPIRED


def test_other_schemes_are_not_ours(world: World) -> None:
    request = connection(("Authorization", "Basic dTpw"))
    assert session_to_renew(request, world.dependencies) is None
    with pytest.raises(TokenError):
        session_of(request, world.dependencies)
