from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.rules import rate_limits
from pixels_core.rules.rate_limits import RateLimits
from pixels_core.rules.state import Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import T0

TIGHT = Limits(RateLimit(rate=2, burst=2), RateLimit(rate=1, burst=3))


def test_both_buckets_have_to_have_a_token() -> None:
    """[PLACE-3] The longer wait is what is told."""
    rates = RateLimits(TIGHT)
    for _ in range(2):
        assert rates.wait("ada", "home", T0) == 0
        rates.take("ada", "home", T0)
    assert rates.wait("ada", "home", T0) == 500
    assert rates.wait("bob", "home", T0) == 0
    rates.take("bob", "home", T0)
    assert rates.wait("ada", "home", T0) == rates.wait("cyd", "home", T0) == 1_000
    assert rates.wait("cyd", "work", T0) == 0


@given(
    st.floats(0.05, 50),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 900)), max_size=40),
)
def test_the_wait_is_honest(rate: float, burst: int, asks: list[tuple[str, str, int]]) -> None:
    """[PLACE-3] Long enough, and no longer than needed; asking takes nothing."""
    rates, now = RateLimits(Limits(RateLimit(rate, burst), RateLimit(rate * 1.5, burst))), T0
    for user, address, pause in asks:
        now += pause
        wait = rates.wait(user, address, now)
        assert wait == rates.wait(user, address, now)
        assert rates.wait(user, address, now + wait) == 0
        if wait > 1:
            assert rates.wait(user, address, now + wait - 2) > 0
        if not wait:
            rates.take(user, address, now)


def test_tokens_are_the_users() -> None:
    rates = RateLimits(TIGHT)
    assert rates.tokens("ada", T0) == 2
    rates.take("ada", "home", T0)
    assert rates.tokens("ada", T0) == 1
    assert rates.tokens("ada", T0 + 250) == 1.5
    assert rates.tokens("bob", T0) == 2


def test_a_replay_has_no_address() -> None:
    rates = RateLimits(TIGHT)
    for _ in range(10):
        rates.take("ada", "", T0)
    assert rates.tokens("ada", T0) == 0
    assert rates.wait("bob", "", T0) == 0


def test_new_limits_start_with_full_buckets() -> None:
    """[MOD-4] Whatever was taken before."""
    rates = RateLimits(TIGHT)
    rates.take("ada", "home", T0)
    rates.reset(Limits(RateLimit(1, 7), RateLimit(1, 9)))
    assert rates.tokens("ada", T0) == 7


def test_full_buckets_are_dropped_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_SWEEP_ABOVE", 10)
    rates = RateLimits(TIGHT)
    for number in range(10):
        rates.take(f"user-{number}", "", T0)
    rates.take("user-0", "", T0 + 900)
    rates.take("new", "", T0 + 1_000)
    assert set(rates._users._buckets) == {"user-0", "new"}
    assert rates.tokens("user-0", T0 + 1_000) < 2


def test_buckets_that_fill_slowly_are_not_looked_through_for_every_newcomer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cooldown of an hour: nothing to drop, so the next look is only at twice as many."""
    monkeypatch.setattr(rate_limits, "_SWEEP_ABOVE", 10)
    rates = RateLimits(Limits(RateLimit.cooldown(3600), RateLimit(1, 9)))
    for number in range(11):
        rates.take(f"user-{number}", "", T0)
    assert rates._users._sweep_at == 20
