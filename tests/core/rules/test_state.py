from __future__ import annotations

import pytest

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.palette import CURATED
from pixels_core.errors import StoreCorrupt
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.events import EventBatch, LimitsChanged, UserBanned
from pixels_core.rules.state import DEFAULT_LIMITS, CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    make_batch,
    one_of_each,
    random_history,
)


def ban(seq: int, until: int | None) -> UserBanned:
    return UserBanned(seq=seq, time=T0, user="mod", reason="", banned="eve", until=until)


def test_a_new_canvas_is_empty() -> None:
    state = CanvasState(IDENTITY)
    assert (state.seq, state.batch_number, state.time, state.paused, state.notice) == (0, 0, 0, False, "")
    assert bytes(state.canvas) == bytes(SMALL.cells)
    assert state.limits == DEFAULT_LIMITS
    assert list(state.locks) == []


def test_every_kind_of_event_does_its_part() -> None:
    state = CanvasState(IDENTITY)
    events = one_of_each()
    state.apply(events[0])
    assert [lock.id for lock in state.locks] == ["l1"]
    for event in events[1:]:
        state.apply(event)
    assert list(state.locks) == []
    assert state.is_banned("eve", T0)
    assert state.palette.curated[0].name == "Ink"
    assert state.palette.curated[1:] == CURATED[1:]
    assert state.limits == Limits(RateLimit(0.2, 6), RateLimit(2, 60))
    assert (state.paused, state.notice) == (True, "Back soon")
    assert state.canvas.get(191) == 247
    assert (state.seq, state.time) == (8, T0 + 7)


def test_a_ban_ends_at_its_moment() -> None:
    state = CanvasState(IDENTITY)
    state.apply(ban(1, T0 + 10))
    assert [state.is_banned("eve", now) for now in (T0, T0 + 9, T0 + 10)] == [True, True, False]
    assert not state.is_banned("ada", T0)


def test_a_ban_for_good_ends_with_a_pardon() -> None:
    state = CanvasState(IDENTITY)
    state.apply(ban(1, None))
    assert state.is_banned("eve", T0 + 10**12)
    state.apply(ban(2, 0))
    assert not state.is_banned("eve", T0)
    state.apply(ban(3, 0))  # a second pardon is a fact too, and changes nothing
    assert state.bans == {}


def test_default_limits_come_from_the_host_until_a_moderator_sets_others() -> None:
    host = Limits(RateLimit(1, 5), RateLimit(10, 50))
    state = CanvasState(IDENTITY, host)
    assert state.limits == host
    state.apply(
        LimitsChanged(seq=1, time=T0, user="mod", reason="", per_user=RateLimit(2, 2), per_address=RateLimit(3, 3))
    )
    assert state.limits == Limits(RateLimit(2, 2), RateLimit(3, 3))


def test_it_can_start_from_a_bitmap() -> None:
    canvas = Canvas(SMALL, bytes([5] * SMALL.cells))
    assert CanvasState(IDENTITY, canvas=canvas).canvas.get(3) == 5


@pytest.mark.parametrize(
    "batch", [make_batch(3, first_seq=2), make_batch(2, first_seq=3), make_batch(1), make_batch(2, first_seq=1)]
)
def test_a_batch_that_does_not_follow_changes_nothing(batch: EventBatch) -> None:
    """[LOG-5] A gap in the log is reported, never applied."""
    state = CanvasState(IDENTITY)
    state.apply_batch(make_batch(1))
    before = pack_snapshot(state)
    with pytest.raises(StoreCorrupt, match="does not follow batch 1"):
        state.apply_batch(batch)
    assert pack_snapshot(state) == before


@pytest.mark.parametrize("seed", range(5))
def test_replaying_batches_gives_the_engines_state(seed: int) -> None:
    """[LOG-3] The same events in the same order give the same bytes."""
    history = random_history(seed)
    replayed = CanvasState(IDENTITY)
    for batch in history.batches:
        replayed.apply_batch(batch)
    assert pack_snapshot(replayed) == pack_snapshot(history.state)


def test_a_copy_is_equal_and_independent() -> None:
    """[LOG-3] To the byte, and later changes of one do not touch the other."""
    state = random_history(3).state
    before = pack_snapshot(state)
    twin = state.copy()
    assert pack_snapshot(twin) == before
    assert (twin.default_limits, twin.identity) == (state.default_limits, state.identity)
    for event in one_of_each(twin.seq + 1, twin.time):
        twin.apply(event)
    assert pack_snapshot(state) == before
    assert pack_snapshot(twin) != before
