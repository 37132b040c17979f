"""How long to wait before the next attempt to connect."""

from __future__ import annotations

from pixels_core.protocol.close_codes import CloseCode

FIRST_S = 0.5
LONGEST_S = 30.0
RESTART_S = 1.0


def delay(attempt: int, fraction: float, close_code: int | None = None) -> float:
    """Return the seconds to wait before attempt number `attempt` (0 is the first after a working connection).

    The wait is a random part (`fraction`, 0 to 1) of a span that doubles each time, so that clients that lost the
    same server do not come back together. A server that restarts (1012) asks for a part of one second.
    """
    if attempt == 0:
        return fraction * (RESTART_S if close_code == CloseCode.SERVICE_RESTART else FIRST_S)
    return fraction * min(LONGEST_S, FIRST_S * 2.0 ** min(attempt, 10))
