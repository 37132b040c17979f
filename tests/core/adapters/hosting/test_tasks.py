from __future__ import annotations

import asyncio

import pytest

from pixels_core.adapters.hosting import tasks
from pixels_core.adapters.hosting.tasks import cancel_and_wait


async def deaf(times: int) -> None:
    """Sleep for ever, and overhear some cancellations."""
    for _ in range(times):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    await asyncio.sleep(60)


async def broken() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AGAIN_S", 0.01)


async def test_every_task_has_ended() -> None:
    ending = [asyncio.create_task(work) for work in (deaf(0), deaf(3), broken())]
    await asyncio.sleep(0)
    await cancel_and_wait(*ending)
    assert all(task.done() for task in ending)
    await cancel_and_wait(*ending)
    await cancel_and_wait()


async def test_being_cancelled_meanwhile_leaves_nothing_behind() -> None:
    stubborn = asyncio.create_task(deaf(5))
    await asyncio.sleep(0)
    ending = asyncio.create_task(cancel_and_wait(stubborn))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert stubborn.done()
