"""The handshake: everything that is checked before a socket is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.protocol.messages import SUBPROTOCOLS
from pixels_core.units import MAX_SAFE_INTEGER, Milliseconds, Seq
from pixels_core.web.client_address import address_group, client_address
from pixels_core.web.origins import origin_allowed
from pixels_core.web.tokens import Session, TokenSigner
from pixels_ws.settings import SocketSettings

Scope = Mapping[str, Any]
COOKIE = "pixels_session"


@dataclass(frozen=True, slots=True)
class Admission:
    """A socket that may be accepted. `since` is None where the client has no state yet."""

    session: Session
    address: str
    canvas: str
    subprotocol: str
    since: Seq | None
    epoch: str | None


class Gatekeeper:
    """Admits sockets and counts them per address; every `admit` must be followed by one `release`."""

    def __init__(self, settings: SocketSettings, signer: TokenSigner, canvases: frozenset[str]) -> None:
        self._settings = settings
        self._signer = signer
        self._canvases = canvases
        self._networks = settings.trusted_proxies
        self._by_address: Counter[str] = Counter()

    def admit(self, scope: Scope, now: Milliseconds) -> Admission:
        """Check a handshake and count the socket; raises PixelsError with the reason and counts nothing then."""
        admission = self.check(scope, now)
        self._by_address[admission.address] += 1
        return admission

    def release(self, admission: Admission) -> None:
        """Forget a socket that was admitted."""
        self._by_address[admission.address] -= 1
        if self._by_address[admission.address] <= 0:
            del self._by_address[admission.address]

    def check(self, scope: Scope, now: Milliseconds) -> Admission:
        """Check a handshake without counting it; raises PixelsError with the reason."""
        headers = _headers(scope)
        if not origin_allowed(headers.get("origin"), headers.get("host", ""), self._settings.allowed_origins):
            raise ClientFault(code=ReasonCode.FOREIGN_ORIGIN)
        session = self._signer.verify(_token(headers), now)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        canvas = query.get("canvas", ["main"])[-1]
        if canvas not in self._canvases:
            raise ClientFault(code=ReasonCode.UNKNOWN_CANVAS)
        peer = scope["client"][0] if scope.get("client") else None
        address = address_group(client_address(peer, headers.get("x-forwarded-for"), self._networks))
        self._check_capacity(address)
        return Admission(session, address, canvas, _subprotocol(scope), _since(query), query.get("epoch", [None])[-1])

    def _check_capacity(self, address: str) -> None:
        if self._by_address[address] >= self._settings.max_connections_per_address:
            raise ClientFault(code=ReasonCode.TOO_MANY_CONNECTIONS)
        if self._by_address.total() >= self._settings.max_connections:
            raise ClientFault("This server is full; try again in a moment.", ReasonCode.TOO_MANY_CONNECTIONS)


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; of a repeated one all values, joined by commas (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


def _token(headers: Mapping[str, str]) -> str | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    # http.cookies gives up on the whole header at the first cookie of another program that it dislikes.
    cookies = (cookie.partition("=") for cookie in headers.get("cookie", "").split(";"))
    return next((value.strip().strip('"') for name, _, value in cookies if name.strip() == COOKIE), None)


def _subprotocol(scope: Scope) -> str:
    offered = scope.get("subprotocols", ())
    for known in SUBPROTOCOLS:
        if known in offered:
            return known
    raise ClientFault(f"Offer one of the subprotocols {', '.join(SUBPROTOCOLS)}.", ReasonCode.UNSUPPORTED_PROTOCOL)


def _since(query: Mapping[str, list[str]]) -> Seq | None:
    if "since" not in query:
        return None
    text = query["since"][-1]
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MAX_SAFE_INTEGER and len(text) <= 20):
        raise ClientFault("'since' must be a sequence number.")
    return int(text)
