"""Idempotency: which requests were accepted lately, so that a repeat is answered and not applied again."""

from __future__ import annotations

from collections import deque

from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.units import Cell, Color, Milliseconds, Seq

from .events import PixelPlaced

_CELL_BITS, _COLOR_BITS = 24, 8


class IdempotencyIndex:
    """Remembers accepted placements by (user, request id) for `RETAINED_MS` by the events' own time.

    An entry packs seq, cell and colour into one integer: at Reddit's 2022 peak of 1,600 px/s ten minutes are a
    million entries.
    """

    __slots__ = ("_by_user", "_order")

    def __init__(self) -> None:
        self._by_user: dict[str, dict[int, int]] = {}
        self._order: deque[PixelPlaced] = deque()

    def __len__(self) -> int:
        return len(self._order)

    def remember(self, event: PixelPlaced) -> None:
        """Add an accepted placement and forget those that are too old by its time."""
        self.expire(event.time)  # first: an id that comes again after its time must not go with its old self
        packed = event.seq << (_CELL_BITS + _COLOR_BITS) | event.cell << _COLOR_BITS | event.color
        self._by_user.setdefault(event.user, {})[event.request] = packed
        self._order.append(event)

    def expire(self, now: Milliseconds) -> None:
        """Forget what is older than `RETAINED_MS`."""
        while self._order and self._order[0].time < now - RETAINED_MS:
            old = self._order.popleft()
            requests = self._by_user.get(old.user, {})
            if requests.get(old.request, 0) >> (_CELL_BITS + _COLOR_BITS) == old.seq:  # else a newer one has the id
                del requests[old.request]
            if not requests and old.user in self._by_user:
                del self._by_user[old.user]

    def find(self, user: str, request: int) -> tuple[Seq, Cell, Color] | None:
        """Return (seq, cell, colour) of the accepted placement with this id, or None."""
        packed = self._by_user.get(user, {}).get(request)
        if packed is None:
            return None
        cell = packed >> _COLOR_BITS & ((1 << _CELL_BITS) - 1)
        return packed >> (_CELL_BITS + _COLOR_BITS), cell, packed & ((1 << _COLOR_BITS) - 1)
