"""Seeds that failed once, each with what was wrong."""

from __future__ import annotations

from tests.sim.simulation import simulate


def test_a_repeat_is_not_refused_while_the_first_is_in_flight() -> None:
    """[SEQ-3] [REQ-2] While the log was out of reach a repeat was refused, although the log held the placement."""
    for seed in (0, 1, 9):
        simulate(seed)


def test_a_refusal_does_not_tell_of_what_was_lost() -> None:
    """[SEQ-2] A refusal of a batch that was lost went out all the same, with a colour that never stood there."""
    for seed in (32, 258, 292):
        simulate(seed)
