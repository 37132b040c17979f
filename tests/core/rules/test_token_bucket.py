from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import ClientFault
from pixels_core.rules.token_bucket import RateLimit, TokenBucket

limits = st.builds(RateLimit, st.floats(0.001, 1000), st.integers(1, 500))
gaps = st.lists(st.integers(-1000, 100_000), max_size=80)


@pytest.mark.parametrize(
    ("rate", "burst"),
    [(0.0, 1), (-1.0, 1), (math.nan, 1), (math.inf, 1), (1.0, 0), (1.0, -1), (1e7, 1), (1.0, 10_000_000)],
)
def test_a_senseless_limit_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ClientFault):
        RateLimit(rate, burst)


@pytest.mark.parametrize("seconds", [0.0, -5.0, math.nan, math.inf])
def test_a_senseless_cooldown_is_refused(seconds: float) -> None:
    with pytest.raises(ClientFault):
        RateLimit.cooldown(seconds)


def test_a_full_bucket_gives_its_burst_and_then_the_rate() -> None:
    bucket = TokenBucket(RateLimit(rate=20, burst=200), now=1000)
    assert sum(bucket.take(1000) for _ in range(300)) == 200
    assert bucket.wait(1000) == 50
    assert not bucket.take(1049)
    assert bucket.take(1050)
    assert not bucket.take(1050)
    assert sum(bucket.take(1050 + 10 * step) for step in range(1, 101)) == 20


def test_a_cooldown_stacks_up_to_its_limit() -> None:
    bucket = TokenBucket(RateLimit.cooldown(seconds=30, stack=3), now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait(0) == 30_000
    assert [bucket.take(1_000_000) for _ in range(4)] == [True, True, True, False]


@given(limits, gaps)
def test_never_more_than_burst_plus_rate(limit: RateLimit, steps: list[int]) -> None:
    bucket, now, taken, latest = TokenBucket(limit, 0), 0, 0, 0
    for step in steps:
        now = max(0, now + step)
        latest = max(latest, now)
        taken += bucket.take(now)
        assert taken <= limit.burst + latest * limit.rate / 1000 + 1e-6
        assert 0 <= bucket.tokens(now) <= limit.burst


@given(limits, gaps)
def test_wait_is_long_enough_and_no_longer_than_needed(limit: RateLimit, steps: list[int]) -> None:
    bucket, now = TokenBucket(limit, 0), 0
    for step in steps:
        now += abs(step)
        bucket.take(now)
        wait = bucket.wait(now)
        assert bucket.wait(now + wait) == 0
        if wait > 1:
            assert bucket.wait(now + wait - 2) > 0


def test_a_clock_that_steps_back_gives_nothing_and_costs_nothing() -> None:
    bucket = TokenBucket(RateLimit(rate=1, burst=2), now=10_000)
    assert bucket.take(10_000)
    assert bucket.tokens(0) == 1
    assert bucket.take(0)
    assert bucket.wait(10_000) == 1000


def test_force_empties_but_never_owes() -> None:
    bucket = TokenBucket(RateLimit(rate=1, burst=1), now=0)
    for _ in range(5):
        bucket.force(0)
    assert bucket.tokens(0) == 0
    assert bucket.take(1000)


@given(limits, gaps)
def test_a_full_bucket_can_be_forgotten(limit: RateLimit, steps: list[int]) -> None:
    bucket, now = TokenBucket(limit, 0), 0
    assert bucket.is_full(0)
    for step in steps:
        now += abs(step)
        bucket.take(now)
        if bucket.is_full(now):
            assert bucket.tokens(now) == TokenBucket(limit, now).tokens(now)
