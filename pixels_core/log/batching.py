"""When the next batch is made, and what is left of its pixels on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pixels_core.rules.events import PixelPlaced
from pixels_core.units import Cell, Color, Milliseconds

SHORTEST_WINDOW_MS: Final = 50
LONGEST_WINDOW_MS: Final = 100
_WINDOW_PER_COST: Final = 4
"""A batch whose commit and fan-out take more than a quarter of the window stretches the next window."""


class BatchWindow:
    """Decides when waiting commands become a batch.

    The first command after a quiet time goes at once; under load there is one batch in each window of 50 to 100 ms,
    the longer the more a batch costs. So at most 20 frames a second reach a client, and an idle canvas answers fast.
    """

    __slots__ = ("_next",)

    def __init__(self) -> None:
        self._next: Milliseconds = 0

    def due_at(self, waiting_since: Milliseconds) -> Milliseconds:
        """Return when a batch with a command that came at `waiting_since` is due."""
        return max(waiting_since, self._next)

    def taken(self, now: Milliseconds, cost: Milliseconds) -> None:
        """Tell that a batch was begun at `now` and took `cost` until it was out."""
        window = min(max(cost * _WINDOW_PER_COST, SHORTEST_WINDOW_MS), LONGEST_WINDOW_MS)
        self._next = now + window


def coalesce(pixels: Iterable[PixelPlaced]) -> dict[Cell, Color]:
    """Return the last colour of each cell: the last write wins."""
    return {pixel.cell: pixel.color for pixel in pixels}
