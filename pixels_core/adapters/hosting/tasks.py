"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any, Final

AGAIN_S: Final = 0.25


async def cancel_and_wait(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks, and cancel them again until they have ended; what they raised is theirs.

    Once is not enough: redis-py looks for stale data under `asyncio.timeout(0)`, and a cancellation that comes at
    that moment is taken for the timeout. Such a task would go on for ever.
    """
    interrupted = False
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        try:
            await asyncio.wait(pending, timeout=AGAIN_S)
        except asyncio.CancelledError:
            interrupted = True
    for task in tasks:
        if not task.cancelled():
            task.exception()  # asked for, so that nobody complains that it was not
    if interrupted:
        raise asyncio.CancelledError
