"""Which pages may talk to us: the Origin rule that both tiers share."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ORIGIN = re.compile(r"(https?)://([^\s/?#@\\]+)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def origin_allowed(origin: str | None, host: str | None, allowed: Iterable[str] = ()) -> bool:
    """Say whether a request with this `Origin` header may go on.

    A request without an Origin comes from a script, not from a page, and may. A page may if its host and port are
    the request's own (`Host`) or those of an allowed origin; "null" and everything that is not http(s) may not. The
    scheme does not matter, for a proxy may have ended TLS; an allowed origin that names a scheme is meant with it.

    Args:
        origin: the header, None where there is none.
        host: the `Host` header.
        allowed: other origins, as "https://example.org" or "example.org:8443".
    """
    if origin is None:
        return True
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    scheme, authority = match[1].lower(), match[2]
    if host and _same(authority, host, scheme):
        return True
    return any(_is_entry(scheme, authority, entry) for entry in allowed)


def _is_entry(scheme: str, authority: str, entry: str) -> bool:
    wanted, separator, rest = entry.strip().rstrip("/").rpartition("://")
    if separator and wanted.lower() != scheme:
        return False
    return bool(rest) and _same(authority, rest, scheme)


def _same(one: str, other: str, scheme: str) -> bool:
    return _normal(one, scheme) == _normal(other, scheme)


def _normal(authority: str, scheme: str) -> str:
    """Return host and port in lower case, without the scheme's default port."""
    return authority.strip().lower().removesuffix(_DEFAULT_PORTS[scheme])
