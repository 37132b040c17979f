"""Changed cells on their way to a reader that may be slower than the canvas."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from pixels_core.units import Color


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that shows another colour than before."""

    x: int
    y: int
    color: Color


class ChangeFeed:
    """Keeps the newest colour of each cell until it is read: a slow reader costs at most one canvas of memory."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], Color] = {}
        self._filled = asyncio.Event()

    def add(self, cells: Iterable[tuple[int, int, Color]]) -> None:
        """Put in cells (x, y, colour)."""
        for x, y, color in cells:
            self._cells.pop((x, y), None)  # so that the order is that of the newest change
            self._cells[x, y] = color
        self._filled.set()

    def wake(self) -> None:
        """Make `next` return, if need be with nothing."""
        self._filled.set()

    async def next(self) -> list[Change]:
        """Wait for changes and take them all, in the order of the cells' newest change."""
        await self._filled.wait()
        self._filled.clear()
        cells, self._cells = self._cells, {}
        return [Change(x, y, color) for (x, y), color in cells.items()]
