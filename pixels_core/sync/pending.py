"""Placements on their way: what to show before the stream confirms it, and what to send again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from pixels_core.protocol.messages import RETAINED_MS, PixelUpdate, Tool
from pixels_core.units import Color, Milliseconds, Seq

ANSWER_TIMEOUT_MS = 5_000
"""After this long without an answer a placement is sent again, under the same id."""
RESEND_MARGIN_MS = 60_000
"""Nothing is sent again in the last minute before the server forgets its id: a late frame would be placed twice."""

Position = tuple[int, int]


@dataclass(slots=True, eq=False)
class PendingPlacement:
    """One placement; `sent_at` is None while it was never sent on the present connection."""

    update: PixelUpdate
    color: Color
    placed_at: Milliseconds
    sent_at: Milliseconds | None = None
    sent_before: bool = False

    @property
    def position(self) -> Position:
        """Where it is."""
        return self.update.x, self.update.y


class PendingPlacements:
    """Everything placed here that the confirmed canvas does not show yet.

    A placement is *unanswered*, then, if it was accepted, *acknowledged* until the canvas reaches the seq of its ack.
    """

    def __init__(self, first_request: int) -> None:
        self._next_request = first_request
        self._unanswered: dict[int, PendingPlacement] = {}
        self._acknowledged: list[tuple[Seq, int, PendingPlacement]] = []
        self._shown: dict[Position, list[PendingPlacement]] = {}

    def __len__(self) -> int:
        return len(self._unanswered)

    def color_at(self, position: Position) -> Color | None:
        """Return the newest pending colour of a cell, or None."""
        stack = self._shown.get(position)
        return stack[-1].color if stack else None

    def add(self, position: Position, color: Color, now: Milliseconds) -> PendingPlacement:
        """Take in a new placement and give it the next id."""
        request = self._next_request
        self._next_request += 1
        update = PixelUpdate(
            id=request, x=position[0], y=position[1], color=color, tool=Tool.SCRIPT, client_timestamp=now
        )
        placement = PendingPlacement(update, color, now)
        self._unanswered[request] = placement
        self._shown.setdefault(position, []).append(placement)
        return placement

    # ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def connection_lost(self) -> None:
        """Note that nothing is on its way any more."""
        for placement in self._unanswered.values():
            placement.sent_at = None

    def to_send(self, now: Milliseconds) -> Iterator[tuple[PixelUpdate, bool]]:
        """Yield what is due, in the order of placing, and whether it was sent before; it counts as sent now."""
        for placement in self._unanswered.values():
            waiting = placement.sent_at is not None and now - placement.sent_at < ANSWER_TIMEOUT_MS
            too_old = placement.sent_before and now - placement.placed_at > RETAINED_MS - RESEND_MARGIN_MS
            if not waiting and not too_old:
                yield placement.update, placement.sent_before
                placement.sent_at, placement.sent_before = now, True

    def sent(self, request: int, now: Milliseconds) -> None:
        """Note that a new placement is on its way."""
        placement = self._unanswered[request]
        placement.sent_at, placement.sent_before = now, True

    def give_up(self, before: Milliseconds) -> list[PendingPlacement]:
        """Let go of unanswered placements made earlier than `before`, and return them."""
        old = [request for request, placement in self._unanswered.items() if placement.placed_at < before]
        return [placement for request in old if (placement := self.refuse(request))]

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def acknowledge(self, request: int, seq: Seq) -> PendingPlacement | None:
        """Keep showing a placement until `settle` reaches `seq`; None for an id that is not waiting."""
        placement = self._unanswered.pop(request, None)
        if placement:
            heappush(self._acknowledged, (seq, request, placement))
        return placement

    def refuse(self, request: int) -> PendingPlacement | None:
        """Stop showing a placement; None for an id that is not waiting."""
        placement = self._unanswered.pop(request, None)
        if placement:
            self._hide(placement, and_older=False)
        return placement

    def settle(self, seq: Seq) -> list[PendingPlacement]:
        """Stop showing what the canvas at `seq` has, and return it."""
        settled = []
        while self._acknowledged and self._acknowledged[0][0] <= seq:
            placement = heappop(self._acknowledged)[2]
            self._hide(placement, and_older=True)
            settled.append(placement)
        return settled

    def forget_acknowledged(self) -> list[PendingPlacement]:
        """Stop showing what was acknowledged by a log that is no more, and return it."""
        forgotten = [placement for _, _, placement in self._acknowledged]
        self._acknowledged.clear()
        for placement in forgotten:
            self._hide(placement, and_older=False)
        return forgotten

    def _hide(self, placement: PendingPlacement, *, and_older: bool) -> None:
        """Take a placement off its cell; older ones under one that is confirmed would show a past that is over."""
        stack = self._shown.get(placement.position, [])
        if placement not in stack:
            return
        place = stack.index(placement)
        del stack[0 if and_older else place : place + 1]
        if not stack:
            del self._shown[placement.position]
