"""Points, rectangles and lines on the canvas; whole numbers only, the origin is the top left corner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.units import Cell

DEFAULT_WIDTH = 900
DEFAULT_HEIGHT = 900
MAX_SIDE = 4096
"""4096² cells × 256 colours just fill the checksum's 32-bit key (see `canvas.cell_hash`)."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of cells: columns `x` to `x + width - 1`, rows `y` to `y + height - 1`; never empty."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ClientFault("A rectangle needs a width and a height of at least 1.")

    def contains(self, x: int, y: int) -> bool:
        """Say whether the cell lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def intersect(self, other: Rect) -> Rect | None:
        """Return the common part, or None where there is none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        if right <= left or bottom <= top:
            return None
        return Rect(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a canvas, each 1 to `MAX_SIDE`."""

    width: int = DEFAULT_WIDTH
    height: int = DEFAULT_HEIGHT

    def __post_init__(self) -> None:
        if not (1 <= self.width <= MAX_SIDE and 1 <= self.height <= MAX_SIDE):
            raise ClientFault(f"A canvas side must be 1 to {MAX_SIDE} pixels.")

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.width * self.height

    @property
    def rect(self) -> Rect:
        """The whole canvas as a rectangle."""
        return Rect(0, 0, self.width, self.height)

    def contains(self, x: int, y: int) -> bool:
        """Say whether (x, y) is a cell of the canvas."""
        return 0 <= x < self.width and 0 <= y < self.height

    def cell(self, x: int, y: int) -> Cell:
        """Return the index of (x, y); raises ClientFault `out_of_bounds`."""
        if not self.contains(x, y):
            raise ClientFault(
                f"({x}, {y}) is outside the {self.width} by {self.height} canvas.",
                ReasonCode.OUT_OF_BOUNDS,
            )
        return y * self.width + x

    def point(self, cell: Cell) -> tuple[int, int]:
        """Return (x, y) of a cell index."""
        y, x = divmod(cell, self.width)
        return x, y

    def clip(self, rect: Rect) -> Rect:
        """Return the part of `rect` on the canvas; raises ClientFault `out_of_bounds` where there is none."""
        inside = rect.intersect(self.rect)
        if inside is None:
            raise ClientFault("The rectangle lies outside the canvas.", ReasonCode.OUT_OF_BOUNDS)
        return inside


def line(x0: int, y0: int, x1: int, y1: int) -> Iterator[tuple[int, int]]:
    """Yield every cell from (x0, y0) to (x1, y1), both included, with no gap (Bresenham 1965).

    Used between two pointer events of a stroke; the web client has the same function and the same test vectors.
    """
    dx, dy = abs(x1 - x0), -abs(y1 - y0)
    step_x, step_y = (1 if x0 < x1 else -1), (1 if y0 < y1 else -1)
    error = dx + dy
    while True:
        yield x0, y0
        if x0 == x1 and y0 == y1:
            return
        doubled = 2 * error
        if doubled >= dy:
            error += dy
            x0 += step_x
        if doubled <= dx:
            error += dx
            y0 += step_y
