from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.canvas import Canvas
from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.rules.events import EventBatch, NoticePosted, PixelPlaced
from pixels_core.stream import retained_window as retained
from pixels_core.stream.retained_window import CatchUp, RetainedWindow
from tests.support.builders import SMALL, T0, make_batch

batches = st.lists(
    st.tuples(
        st.integers(0, RETAINED_MS // 3), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=5)
    ),
    max_size=25,
)
Shape = list[tuple[int, list[tuple[int, int]]]]


def make(shape: Shape, first_seq: int = 1) -> list[EventBatch]:
    """Batches with these pauses and pixels; an empty list of pixels is a notice."""
    made, seq, now = [], first_seq, T0
    for number, (pause, pixels) in enumerate(shape, 1):
        now += pause
        events = tuple(PixelPlaced(seq + i, now, "ada", seq + i, *pixel) for i, pixel in enumerate(pixels))
        notice = NoticePosted(seq=seq, time=now, user="mod", reason="", text="Hello")
        made.append(EventBatch(number, events or (notice,)))
        seq = made[-1].last_seq + 1
    return made


@given(batches, st.integers(0, 3))
def test_every_catch_up_leads_to_the_head(shape: Shape, start: int) -> None:
    """[STR-2] [STR-4] From every seq within the window; None from any other."""
    window, history = RetainedWindow(start), make(shape, start + 1)
    states = {start: Canvas(SMALL)}
    canvas = Canvas(SMALL)
    for batch in history:
        window.append(batch)
        for event in batch.events:
            if isinstance(event, PixelPlaced):
                canvas.set(event.cell, event.color)
            states[event.seq] = canvas.copy()
    for seq in range(-1, window.head + 2):
        catch_up = window.since(seq)
        if window.floor <= seq <= window.head:
            assert catch_up
            assert (catch_up.first, catch_up.last) == (seq + 1, window.head)
            states[seq].update(catch_up.cells.items())
            assert states[seq] == canvas
        else:
            assert catch_up is None


@given(batches)
def test_what_is_younger_than_ten_minutes_is_kept(shape: Shape) -> None:
    """[STR-3] And nothing that is older."""
    window, history = RetainedWindow(0), make(shape)
    for count, batch in enumerate(history, 1):
        window.append(batch)
        old = [other for other in history[:count] if other.time < batch.time - RETAINED_MS]
        assert window.floor == (old[-1].last_seq if old else 0)
        assert window.head == batch.last_seq


def test_an_empty_window_can_be_resumed_at_its_seq_only() -> None:
    window = RetainedWindow(7)
    assert window.since(7) == CatchUp(8, 7, {})
    assert window.since(6) is None
    assert window.since(8) is None


def test_only_the_last_colour_of_a_cell_is_sent() -> None:
    """[STR-1] Also across batches."""
    window = RetainedWindow(0)
    for number, color in enumerate((3, 4, 5), 1):
        window.append(make_batch(number, cell=8, color=color))
    assert window.since(0) == CatchUp(1, 3, {8: 5})
    assert window.since(2) == CatchUp(3, 3, {8: 5})


def test_a_kept_answer_is_not_given_for_another_question() -> None:
    window = RetainedWindow(0)
    window.append(make_batch(1, cell=1))
    assert window.since(0) is window.since(0)
    window.append(make_batch(2, cell=2))
    assert window.since(0) == CatchUp(1, 2, {1: 1, 2: 1})
    assert window.since(1) == CatchUp(2, 2, {2: 1})


def test_where_too_much_changed_the_bitmap_is_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """[STR-2] The answer is a clear reload."""
    monkeypatch.setattr(retained, "MAX_CATCH_UP_CELLS", 3)
    window = RetainedWindow(0)
    window.append(make_batch(1, 1, count=2))
    window.append(make_batch(2, 3, cell=5, count=2))
    assert window.since(0) is None
    assert window.since(2) == CatchUp(3, 4, {5: 1, 6: 1})


def test_changes_are_counted_by_time() -> None:
    window = RetainedWindow(0)
    for number in (1, 2, 3):
        window.append(make_batch(number, 2 * number - 1, count=2))
    assert [window.placed_since(T0 + ms) for ms in (0, 1_001, 2_000, 3_000, 3_001)] == [6, 4, 4, 2, 0]


def test_a_reload_stays_a_reload(monkeypatch: pytest.MonkeyPatch) -> None:
    """[STR-2] What changed since a seq never gets less, so the answer needs no second look."""
    monkeypatch.setattr("pixels_core.stream.retained_window.MAX_CATCH_UP_CELLS", 3)
    window = RetainedWindow(0)
    for number in range(1, 6):
        window.append(make_batch(number, cell=number))
    assert window.since(1) is None
    assert window.since(0) is None
    assert window.since(2) is not None
    window.append(make_batch(6, cell=6))
    assert window.since(2) is None
    assert window.since(3) is not None
