from __future__ import annotations

from pixels_core.errors import ReasonCode
from pixels_core.rules.effects import Accepted, Effects, Refused
from tests.support.builders import make_pixel


def test_a_refusal_can_be_given_the_colour_that_stands() -> None:
    """[PLACE-2] Everything else stays as it was."""
    refused = Refused(ReasonCode.RATE_LIMITED, "Slowly.", retry_after_ms=50)
    assert refused.standing(7) == Refused(ReasonCode.RATE_LIMITED, "Slowly.", retry_after_ms=50, color=7)
    assert refused.color is None


def test_effects_without_an_event_changed_nothing() -> None:
    assert Effects(Accepted(3)).event is None
    assert Effects(Accepted(3), make_pixel(3)).event == make_pixel(3)
