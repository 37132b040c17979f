"""How often one address may do what costs us something, counted in this process."""

from __future__ import annotations

from pixels_core.rules.token_bucket import RateLimit, TokenBucket
from pixels_core.units import Milliseconds
from pixels_core.web.client_address import address_group

_SWEEP_ABOVE = 10_000
"""Addresses remembered before those with a full bucket are forgotten."""


class AddressLimiter:
    """A token bucket for each address; a minute's worth may come at once."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimit(rate=per_minute / 60, burst=per_minute)
        self._buckets: dict[str, TokenBucket] = {}

    def take(self, address: str, now: Milliseconds) -> Milliseconds:
        """Take a token and return 0, or take none and return how long to wait."""
        key = address_group(address)
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _SWEEP_ABOVE:
                self._buckets = {name: other for name, other in self._buckets.items() if not other.is_full(now)}
            bucket = self._buckets[key] = TokenBucket(self._limit, now)
        return 0 if bucket.take(now) else bucket.wait(now)
