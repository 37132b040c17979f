"""The retained window: enough of the recent stream to bring a returning client up to date in one frame."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from pixels_core.log.batching import coalesce
from pixels_core.protocol.messages import MAX_CATCH_UP_CELLS, RETAINED_MS
from pixels_core.rules.events import EventBatch
from pixels_core.units import Cell, Color, Milliseconds, Seq

_COLOR_BITS = 8


@dataclass(frozen=True, slots=True)
class _Segment:
    first: Seq
    last: Seq
    time: Milliseconds


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Everything from seq `first` to `last`, merged: the last colour of each cell that changed."""

    first: Seq
    last: Seq
    cells: dict[Cell, Color]


class RetainedWindow:
    """Keeps the cells that changed in the last `RETAINED_MS`, ordered by their last change.

    So an answer costs as much as it holds, however long the window is. An entry packs the seq of the last change's
    batch and the colour into one integer.

    Args:
        seq: the seq of the state that the window starts from; nothing older can be resumed.
    """

    def __init__(self, seq: Seq) -> None:
        self._floor = self._head = seq
        self._segments: deque[_Segment] = deque()
        self._cells: dict[Cell, int] = {}
        self._too_much = -1
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
        self._segments.append(_Segment(batch.first_seq, batch.last_seq, batch.time))
        last = batch.last_seq << _COLOR_BITS
        for cell, color in coalesce(batch.pixels()).items():
            self._cells.pop(cell, None)  # to the end: a dict keeps the order of insertion
            self._cells[cell] = last | color
        self._head = batch.last_seq
        self._cached = None
        self._forget(batch.time - RETAINED_MS)

    def _forget(self, before: Milliseconds) -> None:
        while self._segments[0].time < before:
            self._floor = self._segments.popleft().last
        old = []
        for cell, packed in self._cells.items():
            if packed >> _COLOR_BITS > self._floor:
                break
            old.append(cell)
        for cell in old:
            del self._cells[cell]

    def since(self, seq: Seq) -> CatchUp | None:
        """Return everything after `seq` in one piece; None where the client must reload.

        That is when `seq` is outside the window, or when so much changed that the bitmap itself is smaller. The last
        answer is kept, for after a restart all clients come back with the same seq.
        """
        if not self._floor <= seq <= self._head or seq <= self._too_much:
            return None
        if self._cached and self._cached.first == seq + 1:
            return self._cached
        cells: dict[Cell, Color] = {}
        for cell, packed in reversed(self._cells.items()):
            if packed >> _COLOR_BITS <= seq:
                break
            cells[cell] = packed & 0xFF
            if len(cells) > MAX_CATCH_UP_CELLS:
                self._too_much = seq  # what changed since then never gets less
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
