"""The canvas: one byte a pixel, with a checksum that every change keeps up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pixels_core.errors import StoreCorrupt
from pixels_core.units import Cell, Color

from .geometry import Rect, Size

TILE_SIDE = 64
"""Side of a tile: 64² bytes fill one page of memory."""

_MASK = 0xFFFFFFFF


def cell_hash(cell: Cell, color: Color) -> int:
    """Mix a cell and its colour to 32 bits; the background hashes to 0, so an empty canvas costs nothing.

    The mixer is MurmurHash3's 32-bit finalizer (Austin Appleby, public domain). It is a bijection of the key
    `cell << 8 | color`, so two different single cells never collide.
    """
    if color == 0:
        return 0
    mixed = (cell << 8 | color) & _MASK
    mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & _MASK
    mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & _MASK
    return mixed ^ (mixed >> 16)


def checksum_of(pixels: bytes | bytearray) -> int:
    """Return the checksum of a whole bitmap: the XOR of `cell_hash` over all cells."""
    total = 0
    for cell, color in enumerate(pixels):
        if color:
            total ^= cell_hash(cell, color)
    return total


class Canvas:
    """A bitmap of palette slots.

    Args:
        size: width and height.
        pixels: row-major bytes to start from, `size.cells` of them; a canvas of background without it.

    Raises:
        StoreCorrupt: `pixels` has another length than the size says.
    """

    __slots__ = ("_checksum", "_pixels", "size")

    def __init__(self, size: Size, pixels: bytes | None = None) -> None:
        if pixels is not None and len(pixels) != size.cells:
            raise StoreCorrupt(f"A bitmap of {len(pixels)} bytes cannot fill {size.cells} cells.")
        self.size = size
        self._pixels = bytearray(size.cells) if pixels is None else bytearray(pixels)
        self._checksum = 0 if pixels is None else checksum_of(self._pixels)

    @property
    def checksum(self) -> int:
        """The incremental checksum, 0 to 2³²-1; equal canvases have equal checksums."""
        return self._checksum

    def get(self, cell: Cell) -> Color:
        """Return the colour of a cell."""
        return self._pixels[cell]

    def set(self, cell: Cell, color: Color) -> Color:
        """Set a cell and return the colour it had."""
        before = self._pixels[cell]
        if before != color:
            self._checksum ^= cell_hash(cell, before) ^ cell_hash(cell, color)
            self._pixels[cell] = color
        return before

    def update(self, cells: Iterable[tuple[Cell, Color]]) -> None:
        """Set many cells, in order."""
        for cell, color in cells:
            self.set(cell, color)

    def __bytes__(self) -> bytes:
        return bytes(self._pixels)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Canvas):
            return NotImplemented
        return self.size == other.size and self._pixels == other._pixels

    __hash__ = None  # type: ignore[assignment]  # mutable

    def digest(self) -> str:
        """Return the SHA-256 of the bitmap in hex: the strong hash behind ETags and snapshots."""
        return hashlib.sha256(self._pixels).hexdigest()

    def region(self, rect: Rect) -> bytes:
        """Return the bytes of a rectangle, row by row; the rectangle must lie on the canvas."""
        width = self.size.width
        starts = range(rect.y * width + rect.x, (rect.y + rect.height) * width + rect.x, width)
        return b"".join(self._pixels[start : start + rect.width] for start in starts)

    def tiles(self) -> Iterator[tuple[Rect, bytes]]:
        """Yield the canvas in tiles of `TILE_SIDE`², those at the right and lower edge cut short."""
        for y in range(0, self.size.height, TILE_SIDE):
            for x in range(0, self.size.width, TILE_SIDE):
                tile = self.size.clip(Rect(x, y, TILE_SIDE, TILE_SIDE))
                yield tile, self.region(tile)

    def copy(self) -> Canvas:
        """Return an independent copy."""
        twin = Canvas(self.size)
        twin._pixels[:] = self._pixels
        twin._checksum = self._checksum
        return twin
