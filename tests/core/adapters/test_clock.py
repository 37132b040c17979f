from __future__ import annotations

import time

from pixels_core.adapters.clock import ManualClock, SystemClock


def test_the_system_clock_is_the_machines() -> None:
    before = time.time_ns() // 1_000_000
    now = SystemClock().now()
    assert before <= now <= time.time_ns() // 1_000_000
    assert type(now) is int


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(1_000)
    assert (clock.now(), clock.now()) == (1_000, 1_000)
    clock.advance(250)
    assert clock.now() == 1_250
    clock.advance(-50)
    assert clock.now() == 1_200
    assert ManualClock().now() == 0
