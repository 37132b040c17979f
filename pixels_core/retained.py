"""The retained window: enough of the recent stream to bring a returning client up to date in one frame."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass

from .batching import coalesce
from .events import EventBatch
from .protocol.messages import MAX_CATCH_UP_CELLS, RETAINED_MS
from .units import Cell, Color, Milliseconds, Seq

_COLOR_BITS = 8


@dataclass(frozen=True, slots=True)
class _Segment:
    first: Seq
    last: Seq
    time: Milliseconds
    cells: array[int]


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Everything from seq `first` to `last`, merged: the last colour of each cell that changed."""

    first: Seq
    last: Seq
    cells: dict[Cell, Color]


class RetainedWindow:
    """Keeps the changed cells of each batch of the last `RETAINED_MS`, four bytes a pixel.

    Args:
        seq: the seq of the state that the window starts from; nothing older can be resumed.
    """

    def __init__(self, seq: Seq) -> None:
        self._floor = self._head = seq
        self._segments: deque[_Segment] = deque()
        self._cached: CatchUp | None = None

    @property
    def floor(self) -> Seq:
        """The oldest seq from which the stream can be resumed."""
        return self._floor

    @property
    def head(self) -> Seq:
        """The newest seq."""
        return self._head

    def append(self, batch: EventBatch) -> None:
        """Add the next batch and let go of what is too old by its time."""
        packed = array("I", (cell << _COLOR_BITS | color for cell, color in coalesce(batch.pixels()).items()))
        self._segments.append(_Segment(batch.first_seq, batch.last_seq, batch.time, packed))
        self._head = batch.last_seq
        self._cached = None
        while self._segments[0].time < batch.time - RETAINED_MS:
            self._floor = self._segments.popleft().last

    def since(self, seq: Seq) -> CatchUp | None:
        """Return everything after `seq` in one piece; None where the client must reload.

        That is when `seq` is outside the window, or when so much changed that the bitmap itself is smaller. The last
        answer is kept, for after a restart all clients come back with the same seq.
        """
        if not self._floor <= seq <= self._head:
            return None
        if self._cached and self._cached.first == seq + 1:
            return self._cached
        newer = []
        for segment in reversed(self._segments):
            if segment.last <= seq:
                break
            newer.append(segment)
        cells: dict[Cell, Color] = {}
        for segment in reversed(newer):
            cells.update((packed >> _COLOR_BITS, packed & 0xFF) for packed in segment.cells)
        if len(cells) > MAX_CATCH_UP_CELLS:
            return None
        self._cached = CatchUp(seq + 1, self._head, cells)
        return self._cached

    def placed_since(self, time: Milliseconds) -> int:
        """Return how many changes are younger than `time`."""
        total = 0
        for segment in reversed(self._segments):
            if segment.time < time:
                break
            total += segment.last - segment.first + 1
        return total
