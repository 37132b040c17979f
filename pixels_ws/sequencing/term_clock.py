"""The clocks of one term of leadership: moments come from the bus and from the log, spans from this machine."""

from __future__ import annotations

from pixels_core.ports import Clock
from pixels_core.units import Milliseconds


class TermClock:
    """Two moments that this machine counts on from: the log's, for decisions, and the bus's, for the age of entries.

    They differ where the bus's clock was set back: no change is older than those before it, and limits must not stand
    still until the bus has caught up.

    Args:
        clock: this machine's, which must not step; whether it is right is of no importance.
        bus_now: the bus's clock at this moment.
    """

    def __init__(self, clock: Clock, bus_now: Milliseconds) -> None:
        self._clock = clock
        self._log_offset = self._bus_offset = bus_now - clock.now()

    def now(self) -> Milliseconds:
        """Return the moment to decide at."""
        return self._clock.now() + self._log_offset

    def bus_now(self) -> Milliseconds:
        """Return what the bus dates its entries with now."""
        return self._clock.now() + self._bus_offset

    def at_least(self, moment: Milliseconds) -> None:
        """Set the log's clock on to a moment that is known to have been: the newest in the log."""
        self._log_offset = max(self._log_offset, moment - self._clock.now())

    def heard(self, moment: Milliseconds) -> None:
        """Take what the bus's clock says now; it may have been set on or back."""
        self._bus_offset = moment - self._clock.now()
