"""Finding an end by asking: how the log's head, and a moment in it, are found in a few reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def newest_filled(probe: Callable[[int], Awaitable[T | None]], start: int) -> T | None:
    """Return what the last filled bucket holds, of buckets that are filled from `start` on without a gap.

    It gallops: of n filled buckets it asks some 2 log2(n), and two where only the first is filled.
    """
    newest = await probe(start)
    if newest is None:
        return None
    low, step = start, 1
    while (further := await probe(low + step)) is not None:
        newest, low, step = further, low + step, step * 2
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        found = await probe(middle)
        if found is None:
            high = middle
        else:
            newest, low = found, middle
    return newest


async def last_true(holds: Callable[[int], Awaitable[bool]], low: int, high: int) -> int:
    """Return the last number above `low` and up to `high` that something holds for, else `low`.

    What holds for a number holds for those before it. It gallops back from `high`: the answer is usually near.
    """
    beyond, step = high + 1, 1
    while beyond - step > low:
        if await holds(beyond - step):
            low = beyond - step
            break
        beyond, step = beyond - step, step * 2
    while beyond - low > 1:
        middle = (low + beyond) // 2
        if await holds(middle):
            low = middle
        else:
            beyond = middle
    return low
