from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from pixels_core.rules.events import MODERATION_EVENTS, EventBatch, NoticePosted, PixelPlaced
from tests.support.builders import T0, make_batch, make_pixel, one_of_each


def test_a_batch_knows_its_seqs_and_its_time() -> None:
    batch = EventBatch(7, (make_pixel(40, time=T0), make_pixel(41, time=T0 + 5)))
    assert (batch.first_seq, batch.last_seq, batch.time) == (40, 41, T0 + 5)


def test_a_batch_is_never_empty() -> None:
    with pytest.raises(ValueError, match="at least one"):
        EventBatch(1, ())


def test_pixels_are_the_placements_only() -> None:
    events = one_of_each()
    assert EventBatch(1, events).pixels() == [events[-1]]
    assert make_batch(1, count=3).pixels() == list(make_batch(1, count=3).events)


def test_moderation_is_all_the_rest() -> None:
    events = one_of_each()
    assert EventBatch(1, events).moderation() == [*events[:-1]]
    assert make_batch(1, count=3).moderation() == []


def test_events_cannot_be_changed() -> None:
    notice = NoticePosted(seq=1, time=T0, user="mod", reason="", text="Hello")
    with pytest.raises(FrozenInstanceError):
        notice.text = "Bye"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        make_pixel(1).color = 2  # type: ignore[misc]


def test_every_kind_of_moderation_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in MODERATION_EVENTS}) == len(MODERATION_EVENTS)
    assert {type(event) for event in one_of_each()} == {*MODERATION_EVENTS, PixelPlaced}
