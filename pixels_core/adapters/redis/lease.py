"""The lease: which node sequences a canvas. It makes two writers rare; the log makes them harmless.

The value names the term (the fencing token, counted up by every holder), the node and a random part, so that a node
which was stopped for a while cannot take another's lease for its own. Compare-and-set is Redis's WATCH, not a script.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import WatchError

from pixels_core.errors import BusUnavailable
from pixels_core.units import Milliseconds

from .errors import translated


class LeaseLost(BusUnavailable):
    """Another node has the lease, or nobody."""


class Lease:
    """One node's view of a canvas's lease.

    Args:
        client: the connection.
        key: the lease's key.
        node: who wants it.
        duration: how long it is held without being renewed, in milliseconds.
    """

    def __init__(self, client: Redis, key: str, node: str, duration: Milliseconds) -> None:
        self._redis: Any = client  # redis-py types its answers as "maybe awaitable"
        self._key = key
        self._node = node
        self._duration = duration
        self._value = b""
        self._alone = asyncio.Lock()
        self.term = 0

    async def acquire(self) -> bool:
        """Take the lease if nobody has it."""
        with translated():
            if await self._redis.exists(self._key):
                return False
            term = int(await self._redis.incr(f"{self._key}:term"))
            value = f"{term}:{self._node}:{secrets.token_hex(8)}".encode()
            taken = await self._redis.set(self._key, value, nx=True, px=self._duration)
        if taken:
            self._value, self.term = value, term
        return bool(taken)

    async def renew(self) -> None:
        """Hold it for another `duration`; raises LeaseLost."""
        await self.transaction(lambda pipe: pipe.pexpire(self._key, self._duration))

    async def release(self) -> None:
        """Give it up at once, so that another node need not wait; does nothing where it is lost already."""
        with suppress(LeaseLost):
            await self.transaction(lambda pipe: pipe.delete(self._key))

    async def transaction(self, fill: Callable[[Any], object]) -> None:
        """Run the commands that `fill` puts into a pipeline, all or none; raises LeaseLost unless the lease is ours.

        One at a time: to renew the lease is to change the key that the others watch.
        """
        async with self._alone:
            with translated():
                async with self._redis.pipeline(transaction=True) as pipe:
                    await pipe.watch(self._key)
                    if await pipe.get(self._key) != self._value:
                        raise self._lost()
                    pipe.multi()
                    fill(pipe)
                    try:
                        await pipe.execute()
                    except WatchError as problem:
                        raise self._lost() from problem

    def _lost(self) -> LeaseLost:
        return LeaseLost(f"Node {self._node} lost the lease of term {self.term}.")
