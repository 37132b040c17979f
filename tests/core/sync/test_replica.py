from __future__ import annotations

import pytest

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ProtocolError, StoreCorrupt
from pixels_core.protocol.messages import ModerationNotice, PixelAck, PixelBulkUpdate
from pixels_core.sync import CanvasBitmap
from pixels_core.sync.replica import MAX_HELD_WEIGHT, HeldMessage, HeldMessages, Replica, first_seq

SIZE = Size(4, 3)


def replica() -> Replica:
    return Replica(CanvasBitmap("e1", 5, SIZE, bytes(12)))


def update(first: int, seq: int, *pixels: tuple[int, int, int]) -> PixelBulkUpdate:
    return PixelBulkUpdate(first=first, seq=seq, pixels=pixels)


def test_applying_moves_the_seq_and_tells_what_changed() -> None:
    it = replica()
    assert it.apply(update(6, 8, (1, 2, 9), (2, 2, 0))) == [(1, 2, 9)]
    assert (it.seq, it.canvas.get(9)) == (8, 9)
    assert it.apply(ModerationNotice(seq=9, by="m", reason="", text="hi")) == []
    assert it.seq == 9


@pytest.mark.parametrize("pixel", [(4, 0, 1), (0, 3, 1), (-1, 0, 1), (0, 0, 256), (0, 0, -1)])
def test_an_impossible_message_changes_nothing(pixel: tuple[int, int, int]) -> None:
    it = replica()
    with pytest.raises(ProtocolError):
        it.apply(update(6, 6, (1, 1, 1), pixel))
    assert (it.seq, bytes(it.canvas)) == (5, bytes(12))


def test_a_bitmap_of_the_wrong_length() -> None:
    with pytest.raises(StoreCorrupt):
        Replica(CanvasBitmap("e1", 5, SIZE, bytes(11)))


def test_differences() -> None:
    newer = Canvas(SIZE)
    newer.update([(0, 1), (11, 2)])
    assert list(replica().differences(newer)) == [(0, 0, 1), (3, 2, 2)]


def test_first_seq() -> None:
    assert first_seq(update(3, 5)) == 3
    assert first_seq(ModerationNotice(seq=9, by="m", reason="", text="")) == 9


def test_held_messages_come_back_in_order() -> None:
    held = HeldMessages()
    messages: list[HeldMessage] = [update(3, 4), PixelAck(id=1, seq=2), update(1, 2)]
    for message in messages:
        held.hold(message)
    assert held.release() == messages
    assert held.release() == []
    for message in messages:
        held.hold(message)
    assert held.release_stream() == [update(1, 2), update(3, 4)]


def test_held_messages_are_bounded() -> None:
    held = HeldMessages()
    held.hold(update(1, 1, *[(0, 0, 0)] * MAX_HELD_WEIGHT))
    held.hold(update(2, 2))
    assert held.overflowed
    assert held.release() == []
    assert not held.overflowed
