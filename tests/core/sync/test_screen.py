from __future__ import annotations

from pixels_core.canvas.geometry import Size
from pixels_core.protocol.messages import PixelAck, PixelBulkUpdate
from pixels_core.sync import (
    Action,
    Answered,
    CanvasBitmap,
    Changed,
    Placed,
    Reloaded,
)
from pixels_core.sync.screen import Screen

SIZE = Size(4, 3)


def make() -> tuple[Screen, list[Action]]:
    actions: list[Action] = []
    screen = Screen(1, actions)
    screen.load(CanvasBitmap("e1", 0, SIZE, bytes(12)))
    assert actions == [Reloaded()]
    actions.clear()
    return screen, actions


def test_a_change_under_a_pending_pixel_is_not_told() -> None:
    screen, actions = make()
    screen.place(1, 1, 5, 0)
    actions.clear()
    screen.apply(PixelBulkUpdate(first=1, seq=1, pixels=((1, 1, 7), (2, 2, 7))))
    assert actions == [Changed(((2, 2, 7),))]
    assert screen.color_at(1, 1) == 5


def test_placing_what_shows_already_changes_nothing_to_see() -> None:
    screen, actions = make()
    screen.place(1, 1, 0, 0)
    assert actions == []
    assert len(screen.pending) == 1


def test_a_new_bitmap_tells_what_is_different_and_what_settled() -> None:
    """[SYNC-6] A bitmap that has an acknowledged pixel takes over from the overlay."""
    screen, actions = make()
    screen.place(1, 1, 5, 0)
    screen.place(2, 1, 6, 0)
    screen.acknowledge(PixelAck(id=(1, 2), seq=3))
    assert [action for action in actions if isinstance(action, Answered)] == [
        Answered(1, Placed(3)),
        Answered(2, Placed(3)),
    ]
    actions.clear()
    newer = bytearray(12)
    newer[0], newer[5], newer[6] = 9, 5, 8
    screen.load(CanvasBitmap("e1", 4, SIZE, bytes(newer)))
    (changed,) = actions
    assert isinstance(changed, Changed)
    assert {(0, 0, 9), (2, 1, 8)} <= set(changed.cells)
    assert screen.color_at(1, 1) == 5


def test_a_pixel_off_the_canvas_is_shown_to_nobody_after_its_answer() -> None:
    screen, _ = make()
    screen.place(99, 99, 5, 0)
    screen.give_up(10_000_000)
    assert len(screen.pending) == 0
