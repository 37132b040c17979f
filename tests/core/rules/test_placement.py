from __future__ import annotations

from typing import Any

import pytest

from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ReasonCode
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.effects import Refused
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.placement import judge
from pixels_core.rules.rate_limits import RateLimits
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import IDENTITY, T0

ORDER = (
    ReasonCode.READ_ONLY,
    ReasonCode.BANNED,
    ReasonCode.PAUSED,
    ReasonCode.OUT_OF_BOUNDS,
    ReasonCode.BAD_COLOR,
    ReasonCode.LOCKED,
    ReasonCode.RATE_LIMITED,
)


def case(wrong: set[ReasonCode]) -> tuple[PlacePixel, CanvasState, RateLimits]:
    """A placement that breaks exactly these rules."""
    state = CanvasState(IDENTITY, Limits(RateLimit(1, 1), RateLimit(10, 10)))
    rates = RateLimits(state.limits)
    x = 99 if ReasonCode.OUT_OF_BOUNDS in wrong else 1
    if ReasonCode.BANNED in wrong:
        state.bans["ada"] = T0 + 1_000
    state.paused = ReasonCode.PAUSED in wrong
    if ReasonCode.LOCKED in wrong:
        state.locks.add(RegionLock("l", Rect(x, 1, 1, 1), "mod", "art"))
    if ReasonCode.RATE_LIMITED in wrong:
        rates.take("ada", "", T0)
    role = Role.VIEWER if ReasonCode.READ_ONLY in wrong else Role.PAINTER
    color = 250 if ReasonCode.BAD_COLOR in wrong else 3
    return PlacePixel(Actor(user="ada", role=role), 1, x, 1, color), state, rates


def test_nothing_wrong() -> None:
    command, state, rates = case(set())
    assert judge(command, state, rates, T0) == (IDENTITY.size.cell(1, 1), 3)


@pytest.mark.parametrize("first", range(len(ORDER)), ids=lambda index: ORDER[index])
def test_the_first_rule_that_is_broken_decides(first: int) -> None:
    """[PLACE-1] Role, ban, pause, bounds, palette, locks, limits: in this order."""
    for wrong in ({ORDER[first]}, set(ORDER[first:])):
        command, state, rates = case(wrong)
        before, tokens = pack_snapshot(state), rates.tokens("ada", T0)
        verdict = judge(command, state, rates, T0)
        assert isinstance(verdict, Refused)
        assert verdict.reason is ORDER[first]
        assert pack_snapshot(state) == before
        assert rates.tokens("ada", T0) == tokens


@pytest.mark.parametrize(("reason", "wait"), [(ReasonCode.BANNED, 1_000), (ReasonCode.RATE_LIMITED, 1_000)])
def test_what_ends_by_itself_says_when(reason: ReasonCode, wait: int) -> None:
    """[PLACE-2] For limits and for bans that end."""
    verdict = judge(*case({reason}), T0)
    assert isinstance(verdict, Refused)
    assert verdict.retry_after_ms == wait


@pytest.mark.parametrize(
    ("color", "slot"), [(0, 0), (31, 31), (32, 32), (247, 247), ("#ffffff", 0), ("#FF4500", 7), ("#000033", 33)]
)
def test_colours_of_the_palette_are_taken(color: Any, slot: int) -> None:
    """[PLACE-4] As slots and as "#rrggbb"."""
    _, state, rates = case(set())
    command = PlacePixel(Actor(user="ada", role=Role.PAINTER), 1, 0, 0, color)
    assert judge(command, state, rates, T0) == (0, slot)


@pytest.mark.parametrize("color", [248, 255, 256, -1, "#123456", "red", ""])
def test_other_colours_are_not(color: Any) -> None:
    """[PLACE-4] Slots 248 to 255 never are."""
    _, state, rates = case(set())
    verdict = judge(PlacePixel(Actor(user="ada", role=Role.PAINTER), 1, 0, 0, color), state, rates, T0)
    assert isinstance(verdict, Refused)
    assert verdict.reason is ReasonCode.BAD_COLOR
