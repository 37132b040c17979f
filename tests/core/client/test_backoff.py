from __future__ import annotations

from pixels_core.client.backoff import FIRST_S, LONGEST_S, RESTART_S, delay
from pixels_core.protocol.close_codes import CloseCode


def test_the_span_doubles_up_to_a_limit() -> None:
    spans = [delay(attempt, 1.0) for attempt in range(1, 12)]
    assert spans == sorted(spans)
    assert spans[1] == 2 * spans[0]
    assert (spans[-1], delay(10_000, 1.0)) == (LONGEST_S, LONGEST_S)


def test_a_random_part_of_the_span() -> None:
    assert (delay(3, 0.0), delay(3, 0.25)) == (0.0, delay(3, 1.0) / 4)


def test_the_first_attempt_after_a_connection_that_worked() -> None:
    assert delay(0, 1.0) == FIRST_S
    assert delay(0, 1.0, CloseCode.SERVICE_RESTART) == RESTART_S
