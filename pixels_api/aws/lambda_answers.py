"""What a Lambda function gives back: problems of its own, compressed bodies, and how much may go back at all."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from pixels_api.http.errors import PROBLEM_JSON, problem
from pixels_core.errors import ReasonCode

LambdaResponse = dict[str, Any]
Application = Callable[..., Any]

TEXTS: Final = ("text/", "application/json", PROBLEM_JSON, "application/javascript", "application/manifest+json")
"""What is readable in an answer's body; all else travels in base64."""
_AROUND: Final = 64 * 1024
"""Room for the headers, and for what the body's quotes take as JSON."""
MOST_BYTES: Final = 6 * 1024 * 1024 - _AROUND
"""Largest body that Lambda returns."""
MOST_BYTES_BALANCED: Final = 1024 * 1024 - _AROUND
"""Largest body that a load balancer takes from a function."""


def fits(answer: LambdaResponse, event: dict[str, Any]) -> bool:
    """Say whether the answer to an event is small enough for the way that it has to go."""
    return len(answer["body"]) <= (MOST_BYTES_BALANCED if "elb" in event["requestContext"] else MOST_BYTES)


def saying(code: ReasonCode, sentence: str | None = None) -> Application:
    """Return an ASGI application that answers everything with one problem."""
    answer = problem(code, sentence)
    headers = {**answer.headers, "Content-Type": PROBLEM_JSON}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def say(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": answer.status_code, "headers": pairs})
        await send({"type": "http.response.body", "body": answer.content, "more_body": False})

    return say


def plain(code: ReasonCode) -> LambdaResponse:
    """Return a problem that every gateway understands, for an event that cannot be read."""
    answer = problem(code)
    headers = {"content-type": PROBLEM_JSON, "cache-control": "no-store"}
    return {
        "statusCode": answer.status_code,
        "headers": headers,
        "body": answer.content.decode(),
        "isBase64Encoded": False,
    }


def binary_where_encoded(answer: LambdaResponse) -> LambdaResponse:
    """Make sure that a compressed body travels in base64; Mangum takes one that happens to be UTF-8 for text."""
    named = {**(answer.get("headers") or {}), **(answer.get("multiValueHeaders") or {})}
    if "content-encoding" not in named or answer["isBase64Encoded"] or not answer["body"]:
        return answer
    return {**answer, "body": base64.b64encode(answer["body"].encode()).decode(), "isBase64Encoded": True}
