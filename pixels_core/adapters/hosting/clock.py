"""Clocks: the machine's for a server, a hand-moved one for tests and the simulation."""

from __future__ import annotations

import time

from pixels_core.units import Milliseconds


class SystemClock:
    """The machine's wall clock. It may step back; the engine holds the time of its events steady."""

    def now(self) -> Milliseconds:
        """Return milliseconds since the Unix epoch."""
        return time.time_ns() // 1_000_000


class SteadyClock:
    """A clock that never steps: it begins with the machine's time, or with a better one, and only counts on.

    A bad moment in between, as from a time server that is corrected later, neither freezes limits nor closes sockets.

    Args:
        now: where it starts, in milliseconds since the Unix epoch; the machine's time without it.
    """

    def __init__(self, now: Milliseconds | None = None) -> None:
        self._offset = (time.time_ns() if now is None else now * 1_000_000) - time.monotonic_ns()

    def now(self) -> Milliseconds:
        """Return milliseconds since the Unix epoch, as it was known when this was made."""
        return (self._offset + time.monotonic_ns()) // 1_000_000

    def at_least(self, moment: Milliseconds) -> None:
        """Set the clock on to a moment that is known to have been: the newest in a log."""
        behind = moment - self.now()
        if behind > 0:
            self._offset += behind * 1_000_000


class ManualClock:
    """A clock that stands still until it is told to move.

    Args:
        now: where it starts, in milliseconds since the Unix epoch.
    """

    def __init__(self, now: Milliseconds = 0) -> None:
        self._now = now

    def now(self) -> Milliseconds:
        """Return milliseconds since the Unix epoch."""
        return self._now

    def advance(self, ms: Milliseconds) -> None:
        """Move by `ms`; a negative span steps back, as a machine's clock may."""
        self._now += ms
