from __future__ import annotations

import asyncio

from pixels_core.client.changes import Change, ChangeFeed


async def test_a_slow_reader_gets_the_newest_of_each_cell() -> None:
    feed = ChangeFeed()
    feed.add([(1, 1, 5), (2, 2, 6)])
    feed.add([(1, 1, 7)])
    assert await feed.next() == [Change(2, 2, 6), Change(1, 1, 7)]


async def test_a_fast_reader_waits() -> None:
    feed = ChangeFeed()
    reading = asyncio.create_task(feed.next())
    await asyncio.sleep(0)
    assert not reading.done()
    feed.add([(1, 1, 5)])
    assert await reading == [Change(1, 1, 5)]


async def test_waking_without_a_change() -> None:
    feed = ChangeFeed()
    feed.wake()
    assert await feed.next() == []
