"""Errors on their way out: every one becomes an `application/problem+json` (RFC 9457) with a reason code.

One function, `problem`, and one table of statuses, `pixels_core.web.http_status`.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from math import ceil
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from pixels_api.schemas import Problem
from pixels_core.errors import (
    REASONS,
    ClientFault,
    ConfigurationError,
    PixelsError,
    ReasonCode,
    ServerFault,
)
from pixels_core.units import Milliseconds
from pixels_core.web.http_status import http_status

PROBLEM_JSON = "application/problem+json"

_log = logging.getLogger(__name__)

_CODES_OF_THE_FRAMEWORK = {
    HTTPStatus.UNAUTHORIZED: ReasonCode.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN: ReasonCode.FORBIDDEN,
    HTTPStatus.NOT_FOUND: ReasonCode.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ReasonCode.TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS: ReasonCode.RATE_LIMITED,
    HTTPStatus.INTERNAL_SERVER_ERROR: ReasonCode.INTERNAL,
    HTTPStatus.SERVICE_UNAVAILABLE: ReasonCode.UNAVAILABLE,
}
"""What Litestar raises by itself; every other status below 500 means that the request was malformed."""


class TooSoon(ClientFault):
    """A request beyond a limit; `retry_after_ms` says when the next one can pass."""

    code = ReasonCode.RATE_LIMITED

    def __init__(self, message: str, retry_after_ms: Milliseconds) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


def problem(
    code: ReasonCode,
    detail: str | None = None,
    *,
    status: int | None = None,
    retry_after_ms: Milliseconds | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    """Return the answer that tells of an error."""
    status = status or http_status(code)
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or REASONS[code],
        code=code,
        retry_after_ms=msgspec.UNSET if retry_after_ms is None else retry_after_ms,
    )
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if retry_after_ms is not None:
        headers["Retry-After"] = str(ceil(retry_after_ms / 1000))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(body), status_code=status, media_type=PROBLEM_JSON, headers=headers)


def answer_error(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Translate any exception; what went wrong inside the server is logged, not told."""
    if isinstance(error, TooSoon):
        return problem(error.code, str(error), retry_after_ms=error.retry_after_ms)
    if isinstance(error, ServerFault):
        _log.warning("A request failed: %s", error, exc_info=error)
        return problem(error.code)
    if isinstance(error, ConfigurationError):  # no request can mend credentials or a table: it is for the log alone
        _log.error("A request failed: %s", error)
        return problem(ReasonCode.UNAVAILABLE)
    if isinstance(error, PixelsError):
        return problem(error.code, str(error))
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        code = _CODES_OF_THE_FRAMEWORK.get(HTTPStatus(error.status_code), ReasonCode.MALFORMED)
        return problem(code, _sentence(error, code), status=error.status_code, headers=error.headers)
    if isinstance(error, RecursionError):  # a JSON body nested too deep; nothing of ours recurses
        return problem(ReasonCode.MALFORMED)
    _log.error("A request failed unexpectedly.", exc_info=error)
    return problem(ReasonCode.INTERNAL)


def _sentence(error: HTTPException, code: ReasonCode) -> str:
    """Return what Litestar found wrong with a request as one sentence."""
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return "This address does not answer to this method."
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        found = [f"{entry.get('key', 'request')}: {entry.get('message', '')}" for entry in error.extra]
        return "The request makes no sense: " + "; ".join(found)[:300] + "."
    return REASONS[code] if code is not ReasonCode.MALFORMED else "The request could not be understood."


def problems(*codes: ReasonCode) -> dict[int, ResponseSpec]:
    """Return the documentation of the errors that a handler can answer with; any request may be malformed."""
    statuses: dict[int, list[ReasonCode]] = {}
    for code in dict.fromkeys((ReasonCode.MALFORMED, *codes)):
        statuses.setdefault(http_status(code), []).append(code)
    return {status: _specification(status, found) for status, found in statuses.items()}


def _specification(status: int, codes: list[ReasonCode]) -> ResponseSpec:
    return ResponseSpec(
        data_container=Problem,
        generate_examples=False,
        description=" ".join(REASONS[code] for code in codes),
        media_type=PROBLEM_JSON,
        examples=[
            Example(
                id=code,
                summary=code,
                value={
                    "type": "about:blank",
                    "title": HTTPStatus(status).phrase,
                    "status": status,
                    "detail": REASONS[code],
                    "code": code.value,
                },
            )
            for code in codes
        ],
    )
