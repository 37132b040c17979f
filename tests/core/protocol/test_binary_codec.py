from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.geometry import Size, line
from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.protocol.binary_codec import (
    OPCODE_BULK_UPDATE,
    OPCODE_STROKE,
    TOOLS,
    decode_bulk_update,
    decode_stroke,
    encode_bulk_update,
    encode_stroke,
)
from pixels_core.protocol.json_codec import server_message, to_object
from pixels_core.protocol.messages import MAX_MESSAGE_BYTES, MAX_STROKE_PIXELS, PixelBulkUpdate, StrokeFrame, Tool
from pixels_core.units import MAX_SAFE_INTEGER
from tests.support.vectors import VECTORS

SIZE = Size()
SHORT_HEADER, LONG_HEADER = 2, 4
"""A server's WebSocket frame header: 2 bytes up to 125 bytes of payload, 4 bytes up to 64 KiB."""

seqs = st.integers(1, 2**52)
numbers = st.integers(0, MAX_SAFE_INTEGER)
pixels = st.dictionaries(st.tuples(st.integers(0, 899), st.integers(0, 899)), st.integers(0, 247), max_size=80)
bulk_updates = st.builds(
    lambda first, span, cells: PixelBulkUpdate(first=first, seq=first + span, pixels=row_major(cells)),
    seqs,
    st.integers(0, 10_000),
    pixels,
)
strokes = st.builds(
    StrokeFrame,
    id=st.integers(0, MAX_SAFE_INTEGER - MAX_STROKE_PIXELS),
    color=st.integers(0, 247),
    tool=st.sampled_from(Tool),
    stroke=numbers,
    client_timestamp=numbers,
    cells=st.lists(st.integers(0, SIZE.cells - 1), min_size=1, max_size=MAX_STROKE_PIXELS).map(tuple),
)


def row_major(cells: dict[tuple[int, int], int]) -> tuple[tuple[int, int, int], ...]:
    """Return the pixels in the order in which they travel."""
    return tuple((x, y, cells[x, y]) for x, y in sorted(cells, key=lambda point: (point[1], point[0])))


@given(bulk_updates)
def test_bulk_update_round_trip(message: PixelBulkUpdate) -> None:
    assert decode_bulk_update(encode_bulk_update(message, SIZE), SIZE) == message


@given(bulk_updates, st.randoms(use_true_random=False))
def test_the_order_of_the_pixels_does_not_matter(message: PixelBulkUpdate, rng: random.Random) -> None:
    shuffled = list(message.pixels)
    rng.shuffle(shuffled)
    assert encode_bulk_update(replace(message, pixels=tuple(shuffled)), SIZE) == encode_bulk_update(message, SIZE)


@given(strokes)
def test_stroke_round_trip(frame: StrokeFrame) -> None:
    assert decode_stroke(encode_stroke(frame)) == frame


@pytest.mark.parametrize("vector", VECTORS["bulkUpdates"], ids=lambda vector: vector["hex"][:16])
def test_golden_bulk_updates(vector: dict[str, Any]) -> None:
    """[WIRE-2] The web client reads the same vectors."""
    message = server_message(vector["message"])
    assert isinstance(message, PixelBulkUpdate)
    assert encode_bulk_update(message, SIZE).hex() == vector["hex"]
    assert decode_bulk_update(bytes.fromhex(vector["hex"]), SIZE) == message
    assert to_object(message)["type"] == "pixel:bulk_update"


@pytest.mark.parametrize("vector", VECTORS["strokes"], ids=lambda vector: vector["hex"][:16])
def test_golden_strokes(vector: dict[str, Any]) -> None:
    """[WIRE-2] The web client reads the same vectors."""
    said = vector["frame"]
    frame = StrokeFrame(
        id=said["id"],
        color=said["color"],
        tool=Tool(said["tool"]),
        stroke=said["stroke"],
        client_timestamp=said["clientTimestamp"],
        cells=tuple(said["cells"]),
    )
    assert encode_stroke(frame).hex() == vector["hex"]
    assert decode_stroke(bytes.fromhex(vector["hex"])) == frame


@pytest.mark.parametrize("broken", VECTORS["brokenBulkUpdates"])
def test_broken_bulk_updates_are_refused(broken: str) -> None:
    with pytest.raises(ProtocolError):
        decode_bulk_update(bytes.fromhex(broken), SIZE)


@pytest.mark.parametrize("broken", VECTORS["brokenStrokes"])
def test_broken_strokes_are_refused(broken: str) -> None:
    with pytest.raises(ProtocolError):
        decode_stroke(bytes.fromhex(broken))


@given(
    st.binary(max_size=300), st.sampled_from([b"", bytes([OPCODE_BULK_UPDATE]), bytes([OPCODE_BULK_UPDATE, 1, 0])])
)
def test_random_bytes_are_a_bulk_update_or_a_protocol_error(data: bytes, head: bytes) -> None:
    """[WIRE-3] Whatever the bytes."""
    try:
        message = decode_bulk_update(head + data, SIZE)
    except ProtocolError:
        return
    cells = [SIZE.cell(x, y) for x, y, _ in message.pixels]
    assert cells == sorted(set(cells))
    assert all(0 <= color < 248 for _, _, color in message.pixels)
    assert decode_bulk_update(encode_bulk_update(message, SIZE), SIZE) == message


@given(
    st.binary(max_size=300), st.sampled_from([b"", bytes([OPCODE_STROKE]), bytes([OPCODE_STROKE, 0, 1, 1, 1, 1, 2])])
)
def test_random_bytes_are_a_stroke_or_a_protocol_error(data: bytes, head: bytes) -> None:
    """[WIRE-3] Whatever the bytes."""
    try:
        frame = decode_stroke(head + data)
    except ProtocolError:
        return
    assert 1 <= len(frame.cells) <= MAX_STROKE_PIXELS
    assert decode_stroke(encode_stroke(frame)) == frame


@given(strokes)
def test_every_cut_of_a_stroke_is_noticed(frame: StrokeFrame) -> None:
    data = encode_stroke(frame)
    for length in range(len(data)):
        with pytest.raises(ProtocolError):
            decode_stroke(data[:length])
    with pytest.raises(ProtocolError):
        decode_stroke(data + b"\0")


def test_a_stroke_has_a_largest_size() -> None:
    frame = StrokeFrame(id=0, color=1, cells=(0, SIZE.cells - 1) * (MAX_STROKE_PIXELS // 2))
    assert len(encode_stroke(frame)) <= MAX_MESSAGE_BYTES, "the longest stroke still fits into a message"
    for data in (encode_stroke(replace(frame, cells=(*frame.cells, 0))), b"\x81" + bytes(MAX_MESSAGE_BYTES)):
        with pytest.raises(ProtocolError) as refused:
            decode_stroke(data)
        assert refused.value.code is ReasonCode.TOO_LARGE


def test_a_stroke_without_pixels_is_refused() -> None:
    with pytest.raises(ProtocolError):
        decode_stroke(encode_stroke(StrokeFrame(id=0, color=1, cells=())))


def test_the_last_pixel_of_a_stroke_may_have_the_last_id() -> None:
    frame = StrokeFrame(id=MAX_SAFE_INTEGER - 2, color=1, cells=(1, 2, 3))
    assert decode_stroke(encode_stroke(frame)) == frame
    with pytest.raises(ProtocolError):
        decode_stroke(encode_stroke(replace(frame, id=MAX_SAFE_INTEGER - 1)))


@pytest.mark.parametrize(("stroke", "timestamp"), [(MAX_SAFE_INTEGER + 1, 0), (0, MAX_SAFE_INTEGER + 1)])
def test_numbers_of_a_stroke_stay_safe(stroke: int, timestamp: int) -> None:
    frame = StrokeFrame(id=0, color=1, stroke=stroke, client_timestamp=timestamp, cells=(0,))
    with pytest.raises(ProtocolError):
        decode_stroke(encode_stroke(frame))


def test_a_stroke_may_name_cells_and_colours_that_the_rules_refuse() -> None:
    frame = StrokeFrame(id=0, color=255, cells=(SIZE.cells, MAX_SAFE_INTEGER))
    assert decode_stroke(encode_stroke(frame)) == frame


@pytest.mark.parametrize("sequence", [(0, 0), (MAX_SAFE_INTEGER, MAX_SAFE_INTEGER + 1)])
def test_senseless_sequence_numbers_are_refused(sequence: tuple[int, int]) -> None:
    first, seq = sequence
    with pytest.raises(ProtocolError):
        decode_bulk_update(encode_bulk_update(PixelBulkUpdate(first=first, seq=seq, pixels=()), SIZE), SIZE)


def test_a_cell_outside_the_canvas_is_refused() -> None:
    message = PixelBulkUpdate(first=1, seq=1, pixels=((0, 900, 1),))
    with pytest.raises(ProtocolError):
        decode_bulk_update(encode_bulk_update(message, SIZE), SIZE)


def test_there_is_room_for_every_tool() -> None:
    assert TOOLS[:3] == (Tool.BRUSH, Tool.ERASER, Tool.SCRIPT), "positions are on the wire: only append"


@pytest.mark.parametrize("seed", range(20))
def test_random_pixels_cost_at_most_5_bytes(seed: int) -> None:
    """[WIRE-4] At 20 random pixels a frame."""
    rng = random.Random(seed)
    cells = {(rng.randrange(900), rng.randrange(900)): rng.randrange(248) for _ in range(20)}
    first = 10**9 + seed
    data = encode_bulk_update(PixelBulkUpdate(first=first, seq=first + 19, pixels=row_major(cells)), SIZE)
    assert (len(data) + header(data)) / len(cells) <= 5


@pytest.mark.parametrize("end", [(500, 450), (400, 550), (500, 550), (480, 470), (420, 549)])
def test_strokes_cost_at_most_3_bytes_a_pixel(end: tuple[int, int]) -> None:
    """[WIRE-4] Wherever the stroke goes."""
    points = list(line(400, 450, *end))
    down = encode_bulk_update(
        PixelBulkUpdate(first=10**9, seq=10**9 + len(points) - 1, pixels=row_major(dict.fromkeys(points, 9))), SIZE
    )
    assert (len(down) + header(down)) / len(points) <= 3
    up = encode_stroke(
        StrokeFrame(
            id=2**40,
            color=9,
            stroke=3,
            client_timestamp=1_700_000_000_000,
            cells=tuple(SIZE.cell(x, y) for x, y in points),
        )
    )
    mask = 4  # a client's header also carries the mask
    assert (len(up) + header(up) + mask) / len(points) <= 3


def header(data: bytes) -> int:
    """Return the length of the WebSocket header in front of a payload."""
    return SHORT_HEADER if len(data) <= 125 else LONG_HEADER
