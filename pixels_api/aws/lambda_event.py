"""What AWS's gateways say otherwise than a web server: a request's path, its cookies, and who sent it.

Mangum makes an ASGI scope of an event; this amends the scope, so that the application cannot tell the difference.
Pure functions.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]

_DEFAULT_STAGE = "$default"


def amended(scope: Scope, base_path: str = "") -> Scope:
    """Return the scope as a web server would have made it.

    Args:
        scope: Mangum's; its `aws.event` is the event.
        base_path: under which path a custom domain publishes the API, as "/pixels".
    """
    event = scope["aws.event"]
    return {
        **scope,
        "path": _path(event, scope["path"], base_path),
        "headers": _headers(event, scope["headers"]),
        "client": _client(event, scope),
    }


def _path(event: dict[str, Any], path: str, base_path: str) -> str:
    """Return the path as the application knows it: without the custom domain's base path, and without the stage.

    HTTP APIs leave the stage in; REST APIs take it out, except behind a custom domain without a fixed stage. That is
    seen by comparing with the path in `requestContext`, which keeps it.
    """
    context = event["requestContext"]
    path = _without(path, base_path)
    stage = context.get("stage") or _DEFAULT_STAGE
    taken_out = "version" not in event and context.get("path") == f"/{stage}{path}"
    return path if stage == _DEFAULT_STAGE or taken_out else _without(path, f"/{stage}")


def _without(path: str, prefix: str) -> str:
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :] or "/"
    return path


def _headers(event: dict[str, Any], headers: list[list[bytes]]) -> list[list[bytes]]:
    """Join several Cookie headers as RFC 9113 (8.2.3) wants it; Mangum joins with commas, or not at all."""
    sent = event.get("multiValueHeaders") or {}
    cookies = [cookie for name, values in sent.items() if name.lower() == "cookie" for cookie in values]
    if len(cookies) < 2:
        return headers
    return [pair for pair in headers if pair[0] != b"cookie"] + [[b"cookie", "; ".join(cookies).encode()]]


def _client(event: dict[str, Any], scope: Scope) -> tuple[str, int]:
    """Return the other end of the gateway's connection.

    API Gateway and function URLs name it. A load balancer appends it to `X-Forwarded-For`; what stands before was
    written by somebody else and counts as far as `pixels_core.web.client_address` trusts them.
    """
    if "elb" not in event["requestContext"]:
        return (scope["client"][0] or "", 0)
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return (forwarded.decode().rpartition(",")[2].strip(), 0)
