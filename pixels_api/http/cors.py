"""Which pages of other sites may read our answers: those of the allowed origins, and no others (CORS).

Not Litestar's own middleware: that one replaces `Vary`, and answers a refusal in plain text.
"""

from __future__ import annotations

from collections.abc import Sequence

from litestar.datastructures import Headers, MutableScopeHeaders

from pixels_core.web.origins import origin_allowed

_READABLE = "ETag, Retry-After, Pixels-Epoch, Pixels-Seq, Pixels-Checksum, Pixels-Width, Pixels-Height"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
}


def cross_origin_headers(request: Headers, allowed: Sequence[str]) -> dict[str, str]:
    """Return what lets the page behind a request read the answer; nothing for a page that may not."""
    origin = request.get("origin")
    if not origin or not origin_allowed(origin, None, allowed):
        return {}
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _READABLE,
    }
    return {**headers, **_PREFLIGHT} if "access-control-request-method" in request else headers


def add_vary(headers: MutableScopeHeaders, name: str) -> None:
    """Add a header's name to `Vary`, which may have others already."""
    before = headers.get("vary")
    headers["Vary"] = f"{before}, {name}" if before else name
