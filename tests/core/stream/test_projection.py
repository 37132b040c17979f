from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.canvas import Canvas
from pixels_core.errors import StoreCorrupt
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.protocol.messages import PixelBulkUpdate
from pixels_core.rules.state import CanvasState
from pixels_core.stream.projection import Projection
from tests.support.builders import (
    IDENTITY,
    SMALL,
    History,
    make_batch,
    make_state,
    random_history,
)


def state_after(history: History, count: int) -> CanvasState:
    state = CanvasState(IDENTITY)
    for batch in history.batches[:count]:
        state.apply_batch(batch)
    return state


@given(st.integers(0, 1_000), st.floats(0, 1), st.floats(0, 1))
def test_it_goes_on_where_it_was_started(seed: int, share: float, older: float) -> None:
    """[STR-2] From any state with any recent batches; every client of the window comes to the head."""
    history = random_history(seed, 60)
    count = round(share * len(history.batches))
    first = round(older * count)
    projection = Projection(state_after(history, count), history.batches[first:count])
    for batch in history.batches[count:]:
        projection.apply(batch)
    assert pack_snapshot(projection.state) == pack_snapshot(history.state)
    start = state_after(history, first)
    catch_up = projection.catch_up(start.seq, IDENTITY.epoch)
    assert catch_up
    start.canvas.update(catch_up.cells.items())
    assert start.canvas == history.state.canvas
    assert start.seq == 0 or projection.catch_up(start.seq - 1) is None


def test_a_client_of_another_log_reloads() -> None:
    """[SYNC-7] Its seq means nothing here; without an epoch it is taken on trust."""
    projection = Projection(make_state(3), [make_batch(number) for number in (1, 2, 3)])
    assert projection.catch_up(2, "another") is None
    assert projection.catch_up(2, IDENTITY.epoch)
    assert projection.catch_up(2)


def test_a_missing_batch_is_found_out() -> None:
    """[STR-2] Rather than leave a gap."""
    projection = Projection(make_state(1))
    with pytest.raises(StoreCorrupt):
        projection.apply(make_batch(3))
    assert projection.state.seq == projection.retained.head == 1


def test_it_says_what_to_broadcast() -> None:
    """[STR-4] Applied to the canvas before, it gives the canvas after."""
    projection = Projection(make_state(1))
    before = Canvas(SMALL, bytes(projection.state.canvas))
    (message,) = projection.apply(make_batch(2, cell=7, color=9, count=3))
    assert isinstance(message, PixelBulkUpdate)
    assert (message.first, message.seq) == (2, 4)
    before.update((SMALL.cell(x, y), color) for x, y, color in message.pixels)
    assert before == projection.state.canvas
