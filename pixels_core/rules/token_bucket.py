"""Token buckets: the one mechanism behind flood protection and cooldowns."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from pixels_core.errors import ClientFault
from pixels_core.units import Milliseconds

_TOLERANCE = 1e-9
"""Tokens that rounding may take away."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How fast a bucket fills and how much it holds.

    Free draw with flood protection is `RateLimit(rate=20, burst=200)`; a cooldown of one pixel every N seconds with a
    stack of M is `RateLimit.cooldown(seconds=N, stack=M)`: the same bucket with other numbers.

    Args:
        rate: tokens a second, above 0.
        burst: tokens a full bucket holds, at least 1.
    """

    rate: float
    burst: int

    def __post_init__(self) -> None:
        if not (0 < self.rate <= 1_000_000 and 1 <= self.burst <= 1_000_000):
            raise ClientFault("A limit needs a rate above 0 and a burst of at least 1, each at most 1,000,000.")
        # A rate of 3 and one of 3.0 are the same limit: they have to be the same bytes in a snapshot, too.
        object.__setattr__(self, "rate", float(self.rate))

    @classmethod
    def cooldown(cls, seconds: float, stack: int = 1) -> RateLimit:
        """Return the limit "one every `seconds`, at most `stack` saved up"."""
        if seconds <= 0:
            raise ClientFault("A cooldown must be longer than 0 seconds.")
        return cls(rate=1 / seconds, burst=stack)


class TokenBucket:
    """A bucket that starts full and is refilled by time; the caller brings the clock."""

    __slots__ = ("_tokens", "_updated", "limit")

    def __init__(self, limit: RateLimit, now: Milliseconds) -> None:
        self.limit = limit
        self._tokens = float(limit.burst)
        self._updated = now

    def tokens(self, now: Milliseconds) -> float:
        """Return the tokens at `now`; a clock that steps back adds nothing."""
        elapsed = max(0, now - self._updated)
        return min(float(self.limit.burst), self._tokens + elapsed * self.limit.rate / 1000)

    def wait(self, now: Milliseconds, count: int = 1) -> Milliseconds:
        """Return 0 if `count` tokens can be taken at `now`, else how long until they can."""
        missing = count - self.tokens(now)
        return 0 if missing <= _TOLERANCE else max(1, ceil(missing * 1000 / self.limit.rate))

    def take(self, now: Milliseconds, count: int = 1) -> bool:
        """Take `count` tokens if there are as many; else take none."""
        if self.wait(now, count):
            return False
        self.force(now, count)
        return True

    def force(self, now: Milliseconds, count: int = 1) -> None:
        """Take tokens even from an empty bucket: what was accepted before counts, also when replayed."""
        self._tokens = max(0.0, self.tokens(now) - count)
        self._updated = max(self._updated, now)

    def is_full(self, now: Milliseconds) -> bool:
        """Say whether forgetting this bucket would change nothing."""
        return self.tokens(now) >= self.limit.burst
