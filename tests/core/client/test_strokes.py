from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pixels_core.client.strokes import frames
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import decode_stroke
from pixels_core.protocol.messages import MAX_STROKE_PIXELS, PixelUpdate

SIZE = Size(8, 8)

updates = st.builds(
    PixelUpdate,
    id=st.integers(0, 12),
    x=st.integers(0, 9),
    y=st.integers(0, 9),
    color=st.integers(0, 2),
)


def read(frame: str | bytes, size: Size) -> list[tuple[int, int, int, int]]:
    if isinstance(frame, str):
        value = json.loads(frame)
        return [(value["id"], value["x"], value["y"], value["color"])]
    stroke = decode_stroke(frame)
    return [(stroke.id + i, *size.point(cell), stroke.color) for i, cell in enumerate(stroke.cells)]


@given(st.lists(updates, max_size=30))
def test_frames_say_what_was_asked_in_order(wanted: list[PixelUpdate]) -> None:
    said = [pixel for frame in frames(wanted, SIZE) for pixel in read(frame, SIZE)]
    assert said == [(update.id, update.x, update.y, update.color) for update in wanted]


def test_a_run_of_one_colour_is_one_stroke() -> None:
    run = [PixelUpdate(id=5 + i, x=i % 8, y=0, color=3) for i in range(MAX_STROKE_PIXELS + 1)]
    first, second = frames(run, SIZE)
    assert isinstance(first, bytes)
    assert len(decode_stroke(first).cells) == MAX_STROKE_PIXELS
    assert isinstance(second, str), "a single pixel travels as JSON"


def test_what_has_no_cell_travels_as_json() -> None:
    run = [PixelUpdate(id=i, x=i, y=0, color=3) for i in range(3)]
    assert all(isinstance(frame, str) for frame in frames(run, None))
    named = [PixelUpdate(id=1, x=1, y=0, color="#ffffff")]
    assert all(isinstance(frame, str) for frame in frames(named, SIZE))
