"""The buckets of one canvas: one for each user and one for each address, made when needed, dropped when full."""

from __future__ import annotations

from pixels_core.units import Milliseconds

from .state import Limits
from .token_bucket import RateLimit, TokenBucket

_SWEEP_ABOVE = 10_000
"""Buckets kept before full ones are looked for: about 2 MB."""


class RateLimits:
    """Decides how long a placement has to wait, and takes its tokens when it is accepted."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._users = _Buckets(limits.per_user)
        self._addresses = _Buckets(limits.per_address)

    def reset(self, limits: Limits) -> None:
        """Change the limits; every bucket starts full."""
        self.__init__(limits)  # type: ignore[misc]

    def wait(self, user: str, address: str, now: Milliseconds) -> Milliseconds:
        """Return 0 where a placement may pass now, else how long until both buckets have a token."""
        waits = [bucket.wait(now) for bucket in (self._users.get(user), self._addresses.get(address)) if bucket]
        return max(waits, default=0)

    def take(self, user: str, address: str, now: Milliseconds) -> None:
        """Take the tokens of an accepted placement; an empty `address` (as in a replay) has no bucket."""
        self._users.take(user, now)
        if address:
            self._addresses.take(address, now)

    def tokens(self, user: str, now: Milliseconds) -> float:
        """Return what the user's bucket holds."""
        bucket = self._users.get(user)
        return bucket.tokens(now) if bucket else float(self._limits.per_user.burst)


class _Buckets:
    """Buckets by name. Full ones are looked for whenever there are twice as many as the last look left."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._buckets: dict[str, TokenBucket] = {}
        self._sweep_at = _SWEEP_ABOVE

    def get(self, name: str) -> TokenBucket | None:
        return self._buckets.get(name)

    def take(self, name: str, now: Milliseconds) -> None:
        bucket = self._buckets.get(name)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[name] = TokenBucket(self._limit, now)
        bucket.force(now)

    def _make_room(self, now: Milliseconds) -> None:
        if len(self._buckets) < self._sweep_at:
            return
        for full in [name for name, bucket in self._buckets.items() if bucket.is_full(now)]:
            del self._buckets[full]
        self._sweep_at = max(_SWEEP_ABOVE, 2 * len(self._buckets))
