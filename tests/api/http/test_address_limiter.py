"""Limits by address."""

from __future__ import annotations

import pytest

from pixels_api.http import address_limiter as flood
from pixels_api.http.address_limiter import AddressLimiter


def test_a_minutes_worth_may_come_at_once() -> None:
    limiter = AddressLimiter(60)
    assert [limiter.take("192.0.2.1", 0) for _ in range(60)] == [0] * 60
    assert limiter.take("192.0.2.1", 0) == 1_000
    assert limiter.take("192.0.2.2", 0) == 0
    assert limiter.take("192.0.2.1", 1_000) == 0


def test_an_ipv6_customer_is_one() -> None:
    """[API-5] Whoever has a /64 has not 2⁶⁴ limits."""
    limiter = AddressLimiter(1)
    assert limiter.take("2001:db8::1", 0) == 0
    assert limiter.take("2001:db8::2", 0) > 0
    assert limiter.take("2001:db8:0:1::1", 0) == 0


def test_addresses_are_forgotten_when_it_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_SWEEP_ABOVE", 10)
    limiter = AddressLimiter(1)
    for number in range(10):
        assert limiter.take(f"192.0.2.{number}", 0) == 0
    assert limiter.take("192.0.2.200", 30_000) == 0
    assert limiter.take("192.0.2.1", 30_000) > 0, "an empty bucket is kept"
    assert limiter.take("192.0.2.201", 120_000) == 0
    assert len(limiter._buckets) == 1
