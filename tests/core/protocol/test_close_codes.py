from __future__ import annotations

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.protocol.close_codes import CloseCode, close_code

RESERVED = {1004, 1005, 1006, 1015}
"""RFC 6455, section 7.4.1: never in a close frame."""


@pytest.mark.parametrize("code", CloseCode)
def test_codes_may_travel(code: CloseCode) -> None:
    assert 1000 <= code < 1016 or 4000 <= code < 5000
    assert code not in RESERVED


@pytest.mark.parametrize("reason", ReasonCode)
def test_every_reason_closes_with_a_stated_code(reason: ReasonCode) -> None:
    assert close_code(reason) in CloseCode
    assert close_code(reason) is not CloseCode.NORMAL, "a refusal is not a normal end"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (ReasonCode.TOO_LARGE, 1009),
        (ReasonCode.INTERNAL, 1011),
        (ReasonCode.SHUTTING_DOWN, 1012),
        (ReasonCode.UNAVAILABLE, 1013),
        (ReasonCode.EXPIRED, 4001),
        (ReasonCode.FLOOD, 4002),
        (ReasonCode.SLOW_CONSUMER, 4003),
        (ReasonCode.IDLE, 4004),
        (ReasonCode.MALFORMED, 1008),
        (ReasonCode.BANNED, 1008),
    ],
)
def test_clients_rely_on_these(reason: ReasonCode, code: int) -> None:
    assert close_code(reason) == code
