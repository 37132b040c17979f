from __future__ import annotations

from pixels_core.adapters.hosting.clock import ManualClock
from pixels_ws.sequencing.term_clock import TermClock


def test_moments_are_the_buses_and_spans_the_machines() -> None:
    """[DIST-8] Wherever the machine's clock stands."""
    machine = ManualClock(7)
    clock = TermClock(machine, 5_000_000)
    assert (clock.now(), clock.bus_now()) == (5_000_000, 5_000_000)
    machine.advance(250)
    assert (clock.now(), clock.bus_now()) == (5_000_250, 5_000_250)


def test_a_log_that_is_ahead_sets_decisions_on() -> None:
    """[DIST-8] [PLACE-3] Else no bucket would fill until the bus has caught up."""
    machine = ManualClock(7)
    clock = TermClock(machine, 5_000_000)
    clock.at_least(5_060_000)
    machine.advance(1_000)
    assert (clock.now(), clock.bus_now()) == (5_061_000, 5_001_000)
    clock.at_least(3)
    assert clock.now() == 5_061_000


def test_a_bus_that_was_set_back_dates_entries_with_less() -> None:
    """[DIST-7] [DIST-8] Entries are as old as the bus says; decisions do not go back."""
    machine = ManualClock(7)
    clock = TermClock(machine, 5_000_000)
    clock.heard(4_940_000)
    machine.advance(10)
    assert (clock.now(), clock.bus_now()) == (5_000_010, 4_940_010)
