"""Why a socket was closed, as a WebSocket close code (RFC 6455, section 7.4; 4000 to 4999 are private)."""

from __future__ import annotations

from enum import IntEnum

from pixels_core.errors import ReasonCode


class CloseCode(IntEnum):
    """The close codes that this server sends."""

    NORMAL = 1000
    UNSUPPORTED_DATA = 1003
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    EXPIRED = 4001
    FLOOD = 4002
    SLOW_CONSUMER = 4003
    IDLE = 4004


_BY_REASON = {
    ReasonCode.TOO_LARGE: CloseCode.MESSAGE_TOO_BIG,
    ReasonCode.INTERNAL: CloseCode.INTERNAL_ERROR,
    ReasonCode.SHUTTING_DOWN: CloseCode.SERVICE_RESTART,
    ReasonCode.UNAVAILABLE: CloseCode.TRY_AGAIN_LATER,
    ReasonCode.EXPIRED: CloseCode.EXPIRED,
    ReasonCode.FLOOD: CloseCode.FLOOD,
    ReasonCode.SLOW_CONSUMER: CloseCode.SLOW_CONSUMER,
    ReasonCode.IDLE: CloseCode.IDLE,
}


def close_code(reason: ReasonCode) -> CloseCode:
    """Return the close code of a reason; what has none of its own is a policy violation (1008)."""
    return _BY_REASON.get(reason, CloseCode.POLICY_VIOLATION)
