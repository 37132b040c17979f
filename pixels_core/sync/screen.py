"""What to show: the confirmed canvas under the placements that are on their way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pixels_core.canvas.canvas import Canvas
from pixels_core.protocol.messages import RETAINED_MS, PixelAck, PixelReject, PixelUpdate, StreamMessage
from pixels_core.units import Color, Milliseconds, Seq

from .actions import (
    Action,
    Answered,
    CanvasBitmap,
    Changed,
    Lost,
    Placed,
    Rejected,
    Reloaded,
)
from .pending import PendingPlacement, PendingPlacements, Position
from .replica import ColoredCell, Replica

if TYPE_CHECKING:
    from pixels_core.canvas.geometry import Size


class Screen:
    """The confirmed canvas and the pending placements; tells through `actions` what changes and what is answered.

    Args:
        first_request: id of the first placement.
        actions: where `Changed`, `Reloaded` and `Answered` are put.
    """

    def __init__(self, first_request: int, actions: list[Action]) -> None:
        self.replica: Replica | None = None
        self.pending = PendingPlacements(first_request)
        self._actions = actions

    @property
    def confirmed(self) -> Canvas | None:
        """The canvas as the log has it; None before the first bitmap."""
        return self.replica.canvas if self.replica else None

    @property
    def seq(self) -> Seq:
        """The last change that `confirmed` contains."""
        return self.replica.seq if self.replica else 0

    @property
    def size(self) -> Size | None:
        """The canvas's size, once there is one."""
        return self.replica.canvas.size if self.replica else None

    def color_at(self, x: int, y: int) -> Color:
        """Return what to show at (x, y); raises ClientFault `out_of_bounds`."""
        pending = self.pending.color_at((x, y))
        if pending is not None or self.replica is None:
            return pending or 0
        canvas = self.replica.canvas
        return canvas.get(canvas.size.cell(x, y))

    # ── the stream ──────────────────────────────────────────────────────────────────────────────────────────────────

    def load(self, snapshot: CanvasBitmap) -> None:
        """Replace the confirmed canvas; raises StoreCorrupt where the bitmap's length is wrong."""
        before, self.replica = self.replica, Replica(snapshot)
        settled = self._settled(snapshot.seq)
        if before is None or before.canvas.size != snapshot.size:
            self._actions.append(Reloaded())
        else:
            self._changed([*self._uncovered(before.differences(self.replica.canvas)), *settled])

    def apply(self, message: StreamMessage) -> None:
        """Move the confirmed canvas on; raises ProtocolError for a message that makes no sense."""
        if self.replica:
            changed = self._uncovered(self.replica.apply(message))
            self._changed([*changed, *self._settled(message.seq)])

    def settle(self) -> None:
        """Leave to the confirmed canvas what it has; call it only while the acks are of the canvas's own log."""
        self._changed(self._settled(self.seq))

    def forget_acknowledged(self) -> None:
        """Stop showing what was acknowledged by a log that is no more."""
        self._changed([self._cell(placement.position) for placement in self.pending.forget_acknowledged()])

    # ── placements ──────────────────────────────────────────────────────────────────────────────────────────────────

    def place(self, x: int, y: int, color: Color, now: Milliseconds) -> PixelUpdate:
        """Show a new placement."""
        before = self._cell((x, y))
        placement = self.pending.add((x, y), color, now)
        if before[2] != color:
            self._changed([(x, y, color)])
        return placement.update

    def acknowledge(self, ack: PixelAck) -> None:
        """Answer accepted placements; they are shown until `settle`."""
        for request in ack.id if isinstance(ack.id, tuple) else (ack.id,):
            if self.pending.acknowledge(request, ack.seq):
                self._actions.append(Answered(request, Placed(ack.seq)))

    def refuse(self, reject: PixelReject) -> None:
        """Answer a refused placement and stop showing it."""
        placement = None if reject.id is None else self.pending.refuse(reject.id)
        if placement:
            verdict = Rejected(reject.reason, reject.message, reject.retry_after_ms, reject.color)
            self._revert(placement, verdict)

    def give_up(self, now: Milliseconds) -> None:
        """Answer, as lost, what is older than `RETAINED_MS`, and stop showing it."""
        for placement in self.pending.give_up(now - RETAINED_MS):
            self._revert(placement, Lost())

    def _revert(self, placement: PendingPlacement, verdict: Rejected | Lost) -> None:
        cell = self._cell(placement.position)
        if cell[2] != placement.color:
            self._changed([cell])
        self._actions.append(Answered(placement.update.id, verdict))

    def _settled(self, seq: Seq) -> list[ColoredCell]:
        """Stop showing what the canvas at `seq` has; returns the cells that show something else after it."""
        settled = {placement.position: placement.color for placement in self.pending.settle(seq)}
        return [cell for position, was in settled.items() if (cell := self._cell(position))[2] != was]

    def _uncovered(self, cells: Iterable[ColoredCell]) -> list[ColoredCell]:
        return [cell for cell in cells if self.pending.color_at((cell[0], cell[1])) is None]

    def _cell(self, position: Position) -> ColoredCell:
        x, y = position
        outside = self.size is not None and not self.size.contains(x, y)
        return x, y, 0 if outside else self.color_at(x, y)

    def _changed(self, cells: Iterable[ColoredCell]) -> None:
        changed = tuple(cells)
        if changed:
            self._actions.append(Changed(changed))
