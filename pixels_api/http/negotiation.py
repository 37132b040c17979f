"""What a request's headers ask for: the encoding of the answer, and whether it is needed at all. Pure functions."""

from __future__ import annotations

import re
from enum import StrEnum

_TAG = re.compile(r'(?:W/)?("[^"]*")')


class Encoding(StrEnum):
    """How a body travels; the best comes first."""

    BROTLI = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


def choose_encoding(accept_encoding: str | None) -> Encoding:
    """Return the encoding the client likes most, of equals the smallest (RFC 9110, 12.5.3); identity always works."""
    wishes = dict(_wish(part) for part in (accept_encoding or "").lower().split(",") if part.strip())
    usual = wishes.get("*", 0.0)
    weights = {
        Encoding.BROTLI: wishes.get(Encoding.BROTLI, usual),
        Encoding.GZIP: wishes.get(Encoding.GZIP, usual),
        Encoding.IDENTITY: wishes.get(Encoding.IDENTITY, 0.0),
    }
    best = max(weights, key=weights.__getitem__)
    return best if weights[best] > 0 else Encoding.IDENTITY


def _wish(part: str) -> tuple[str, float]:
    """Read one entry like "gzip;q=0.5"; a weight that makes no sense counts as refusal."""
    name, _, parameter = part.partition(";")
    key, _, value = parameter.partition("=")
    if key.strip() != "q":
        return name.strip(), 1.0
    weight = re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", value.strip())
    return name.strip(), float(weight[0]) if weight else 0.0


def matches(if_none_match: str | None, etag: str) -> bool:
    """Say whether an If-None-Match header names this tag: in a list, weakly, or by "*" (RFC 9110, 13.1.2)."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)
