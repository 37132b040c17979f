"""Wait for a condition instead of for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

SECONDS = 10.0
_STEP = 0.03

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T | None]], what: str, seconds: float = SECONDS) -> T:
    """Call `look` until it returns something true, and return that; fails with `what` and the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await look()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"after {seconds:g} s still not: {what} (last answer: {answer!r})"
        await asyncio.sleep(_STEP)
