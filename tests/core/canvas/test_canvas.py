from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.canvas import TILE_SIDE, Canvas, cell_hash, checksum_of
from pixels_core.canvas.geometry import MAX_SIDE, Rect, Size
from pixels_core.errors import StoreCorrupt
from tests.support.vectors import VECTORS

SMALL = Size(7, 5)
changes = st.lists(st.tuples(st.integers(0, SMALL.cells - 1), st.integers(0, 247)), max_size=60)


def test_an_empty_canvas_is_background_and_has_checksum_0() -> None:
    canvas = Canvas(SMALL)
    assert bytes(canvas) == bytes(35)
    assert canvas.checksum == 0


@given(changes)
def test_the_checksum_follows_every_change(cells: list[tuple[int, int]]) -> None:
    canvas, plain = Canvas(SMALL), bytearray(SMALL.cells)
    for cell, color in cells:
        assert canvas.set(cell, color) == plain[cell]
        plain[cell] = color
        assert canvas.get(cell) == color
        assert canvas.checksum == checksum_of(plain)
    assert bytes(canvas) == plain
    assert Canvas(SMALL, bytes(plain)).checksum == canvas.checksum


@given(changes)
def test_equal_canvases_have_equal_checksums_whatever_way_they_came(cells: list[tuple[int, int]]) -> None:
    """[SUM-2] Only the bitmap counts, not how it came about."""
    one, other = Canvas(SMALL), Canvas(SMALL)
    one.update(cells)
    other.update(reversed(list(dict(cells).items())))
    assert one == other
    assert (one.checksum, one.digest()) == (other.checksum, other.digest())


@given(changes)
def test_painting_over_with_background_returns_to_0(cells: list[tuple[int, int]]) -> None:
    canvas = Canvas(SMALL)
    canvas.update(cells)
    canvas.update((cell, 0) for cell, _ in cells)
    assert canvas.checksum == 0


@pytest.mark.parametrize("vector", VECTORS["checksums"], ids=lambda vector: str(len(vector["cells"])))
def test_golden_checksums(vector: dict[str, Any]) -> None:
    canvas = Canvas(Size())
    canvas.update(vector["cells"])
    assert canvas.checksum == vector["checksum"]


def test_the_hash_is_murmur3s_finalizer() -> None:
    # fmix32(1) and fmix32(0xFFFFFFFF), as published with MurmurHash3.
    assert cell_hash(0, 1) == 0x514E28B7
    assert cell_hash(MAX_SIDE**2 - 1, 255) == 0x81F16F39


@given(st.integers(0, MAX_SIDE**2 - 1), st.integers(0, 255))
def test_one_cell_hashes_to_32_bits_and_only_background_to_0(cell: int, color: int) -> None:
    assert 0 <= cell_hash(cell, color) < 2**32
    assert (cell_hash(cell, color) == 0) == (color == 0)


@pytest.mark.parametrize("length", [0, 34, 36])
def test_a_bitmap_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(StoreCorrupt):
        Canvas(SMALL, bytes(length))


def test_equality_knows_sizes_and_other_types() -> None:
    assert Canvas(Size(2, 3)) != Canvas(Size(3, 2))
    assert Canvas(SMALL) != bytes(35)


def test_digest_is_sha_256_of_the_bitmap() -> None:
    """[SUM-2] The strong hash."""
    assert Canvas(SMALL).digest() == hashlib.sha256(bytes(35)).hexdigest()


def test_copy_is_independent() -> None:
    canvas = Canvas(SMALL)
    canvas.set(3, 9)
    twin = canvas.copy()
    assert twin == canvas
    assert twin.checksum == canvas.checksum
    twin.set(4, 1)
    assert (canvas.get(4), canvas.checksum) == (0, cell_hash(3, 9))


def test_region_is_read_row_by_row() -> None:
    canvas = Canvas(SMALL, bytes(range(35)))
    assert canvas.region(Rect(2, 1, 3, 2)) == bytes([9, 10, 11, 16, 17, 18])
    assert canvas.region(SMALL.rect) == bytes(canvas)


@pytest.mark.parametrize("size", [Size(1, 1), Size(TILE_SIDE, TILE_SIDE), Size(TILE_SIDE + 1, 2 * TILE_SIDE + 3)])
def test_tiles_cover_the_canvas_once(size: Size) -> None:
    canvas = Canvas(size, bytes(cell % 248 for cell in range(size.cells)))
    built = Canvas(size)
    seen = 0
    for rect, data in canvas.tiles():
        assert len(data) == rect.width * rect.height
        seen += len(data)
        cells = (size.cell(rect.x + i % rect.width, rect.y + i // rect.width) for i in range(len(data)))
        built.update(zip(cells, data, strict=True))
    assert seen == size.cells
    assert built == canvas
