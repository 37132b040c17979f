"""Reason codes as HTTP statuses: for REST problems and for sockets refused before they are accepted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from pixels_core.errors import ReasonCode

_BY_REASON: Final = {
    ReasonCode.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ReasonCode.FLOOD: HTTPStatus.TOO_MANY_REQUESTS,
    ReasonCode.TOO_MANY_CONNECTIONS: HTTPStatus.TOO_MANY_REQUESTS,
    ReasonCode.LOCKED: HTTPStatus.LOCKED,
    ReasonCode.UNAUTHORIZED: HTTPStatus.UNAUTHORIZED,
    ReasonCode.EXPIRED: HTTPStatus.UNAUTHORIZED,
    ReasonCode.BANNED: HTTPStatus.FORBIDDEN,
    ReasonCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ReasonCode.FOREIGN_ORIGIN: HTTPStatus.FORBIDDEN,
    ReasonCode.READ_ONLY: HTTPStatus.FORBIDDEN,
    ReasonCode.PAUSED: HTTPStatus.CONFLICT,
    ReasonCode.CONFLICT: HTTPStatus.CONFLICT,
    ReasonCode.DUPLICATE: HTTPStatus.CONFLICT,
    ReasonCode.UNKNOWN_CANVAS: HTTPStatus.NOT_FOUND,
    ReasonCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ReasonCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ReasonCode.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ReasonCode.SHUTTING_DOWN: HTTPStatus.SERVICE_UNAVAILABLE,
    ReasonCode.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def http_status(reason: ReasonCode) -> HTTPStatus:
    """Return the HTTP status of a reason; what has none of its own is a bad request (400)."""
    return _BY_REASON.get(reason, HTTPStatus.BAD_REQUEST)
