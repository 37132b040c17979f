from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pixels_core.log.batching import LONGEST_WINDOW_MS, SHORTEST_WINDOW_MS, BatchWindow, coalesce
from tests.support.builders import T0, make_pixel


def test_the_first_after_a_quiet_time_goes_at_once() -> None:
    """[SEQ-5] Nobody waits for company."""
    window = BatchWindow()
    assert window.due_at(T0) == T0
    window.taken(T0, 1)
    assert window.due_at(T0 + 10) == T0 + SHORTEST_WINDOW_MS
    assert window.due_at(T0 + 1_000) == T0 + 1_000


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400)), min_size=2))
def test_under_load_there_is_one_batch_in_each_window(load: list[tuple[int, int]]) -> None:
    """[SEQ-5] Of 50 to 100 ms, whatever batches cost."""
    window, now, taken = BatchWindow(), T0, []
    for pause, cost in load:
        now = max(now, window.due_at(now))
        taken.append(now)
        window.taken(now, cost)
        now += pause
    gaps = [later - earlier for earlier, later in pairwise(taken)]
    assert all(SHORTEST_WINDOW_MS <= gap <= LONGEST_WINDOW_MS for gap in gaps)


def test_a_dear_batch_stretches_the_next_window() -> None:
    lengths = []
    for cost in (0, 12, 13, 20, 25, 500):
        window = BatchWindow()
        window.taken(T0, cost)
        lengths.append(window.due_at(T0) - T0)
    assert lengths == [50, 50, 52, 80, 100, 100]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 247))))
def test_the_last_colour_of_a_cell_wins(cells: list[tuple[int, int]]) -> None:
    """[STR-1] And every changed cell is there."""
    pixels = [make_pixel(seq, cell, color) for seq, (cell, color) in enumerate(cells, 1)]
    merged = coalesce(pixels)
    assert merged == dict(cells)
