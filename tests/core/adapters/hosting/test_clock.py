from __future__ import annotations

import time

import pytest

from pixels_core.adapters.hosting.clock import ManualClock, SteadyClock, SystemClock


def test_the_system_clock_is_the_machines() -> None:
    before = time.time_ns() // 1_000_000
    now = SystemClock().now()
    assert before <= now <= time.time_ns() // 1_000_000
    assert type(now) is int


def test_a_steady_clock_does_not_follow_the_machines_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SteadyClock()
    assert abs(clock.now() - SystemClock().now()) < 1_000
    before = clock.now()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert before <= clock.now() < before + 1_000


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(1_000)
    assert (clock.now(), clock.now()) == (1_000, 1_000)
    clock.advance(250)
    assert clock.now() == 1_250
    clock.advance(-50)
    assert clock.now() == 1_200
    assert ManualClock().now() == 0


def test_a_steady_clock_counts_on_whatever_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = SteadyClock()
    before = steady.now()
    assert abs(before - SystemClock().now()) < 1_000
    monkeypatch.setattr("time.time_ns", lambda: 0)
    assert 0 <= steady.now() - before < 60_000


def test_a_steady_clock_can_be_set_on_but_not_back() -> None:
    """[PLACE-3] A log from an hour ahead must not freeze the limits for an hour."""
    steady = SteadyClock()
    ahead = steady.now() + 3_600_000
    steady.at_least(ahead)
    assert 0 <= steady.now() - ahead < 60_000
    steady.at_least(0)
    assert steady.now() >= ahead


def test_a_steady_clock_may_be_told_what_time_it_is() -> None:
    """[DIST-8] By the bus, where the machines do not agree."""
    assert 0 <= SteadyClock(5_000).now() - 5_000 < 60_000
