"""The buckets of one canvas: one for each user and one for each address, made when needed, dropped when full."""

from __future__ import annotations

from .state import Limits
from .token_bucket import Limit, TokenBucket
from .units import Milliseconds

_SWEEP_ABOVE = 10_000
"""Buckets kept before full ones are looked for: about 2 MB."""


class RateLimits:
    """Decides how long a placement has to wait, and takes its tokens when it is accepted."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._users: dict[str, TokenBucket] = {}
        self._addresses: dict[str, TokenBucket] = {}

    def reset(self, limits: Limits) -> None:
        """Change the limits; every bucket starts full."""
        self.__init__(limits)  # type: ignore[misc]

    def wait(self, user: str, address: str, now: Milliseconds) -> Milliseconds:
        """Return 0 where a placement may pass now, else how long until both buckets have a token."""
        waits = [bucket.wait(now) for bucket in (self._users.get(user), self._addresses.get(address)) if bucket]
        return max(waits, default=0)

    def take(self, user: str, address: str, now: Milliseconds) -> None:
        """Take the tokens of an accepted placement; an empty `address` (as in a replay) has no bucket."""
        self._bucket(self._users, user, self._limits.per_user, now).force(now)
        if address:
            self._bucket(self._addresses, address, self._limits.per_address, now).force(now)

    def tokens(self, user: str, now: Milliseconds) -> float:
        """Return what the user's bucket holds."""
        bucket = self._users.get(user)
        return bucket.tokens(now) if bucket else float(self._limits.per_user.burst)

    @staticmethod
    def _bucket(buckets: dict[str, TokenBucket], key: str, limit: Limit, now: Milliseconds) -> TokenBucket:
        bucket = buckets.get(key)
        if bucket is None:
            if len(buckets) >= _SWEEP_ABOVE:
                for full in [name for name, other in buckets.items() if other.is_full(now)]:
                    del buckets[full]
            bucket = buckets[key] = TokenBucket(limit, now)
        return bucket
