"""The projection: what a node that serves clients keeps of a canvas, fed by committed batches only."""

from __future__ import annotations

from collections.abc import Iterable

from pixels_core.protocol.messages import StreamMessage
from pixels_core.rules.events import EventBatch, LimitsChanged, PixelPlaced
from pixels_core.rules.rate_limits import RateLimits
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.units import Milliseconds, Seq

from .retained_window import CatchUp, RetainedWindow
from .stream import stream_messages


class Projection:
    """A canvas state with its retained window.

    Args:
        state: where to start; the projection owns it from now on.
        recent: the batches of the last 10 minutes up to `state`, in order.
    """

    def __init__(self, state: CanvasState, recent: Iterable[EventBatch] = ()) -> None:
        self.state = state
        batches = list(recent)
        self.retained = RetainedWindow(batches[0].first_seq - 1 if batches else state.seq)
        self._rates = RateLimits(state.limits)
        for batch in batches:
            self.retained.append(batch)
            self._count(batch)

    def apply(self, batch: EventBatch) -> list[StreamMessage]:
        """Apply the next committed batch and return what to broadcast; raises StoreCorrupt where one is missing."""
        self.state.apply_batch(batch)
        self.retained.append(batch)
        self._count(batch)
        return stream_messages(batch, self.state.identity.size)

    def tokens(self, user: str, now: Milliseconds) -> float:
        """Return what the user's bucket holds, as far as committed placements tell; the engine's bucket decides."""
        return self._rates.tokens(user, max(now, self.state.time))

    def _count(self, batch: EventBatch) -> None:
        for event in batch.events:
            if type(event) is PixelPlaced:
                self._rates.take(event.user, "", event.time)
            elif isinstance(event, LimitsChanged):
                self._rates.reset(Limits(event.per_user, event.per_address))

    def catch_up(self, since: Seq, epoch: str | None = None) -> CatchUp | None:
        """Return what a client at `since` misses; None: it must reload. An unknown `epoch` is taken on trust."""
        if epoch is not None and epoch != self.state.identity.epoch:
            return None
        return self.retained.since(since)
