"""People who draw at a steady rate until they are told to stop."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.integration.clients import Follower, new_token
from tests.support.server import RunningServer

SIDE = 100
"""They draw on the canvas's first 100 by 100 pixels."""


def make_followers(server: RunningServer, count: int) -> list[Follower]:
    """Return people with a session each."""
    return [Follower(server, new_token(server)) for _ in range(count)]


@asynccontextmanager
async def all_following(followers: list[Follower]) -> AsyncIterator[None]:
    """Connect all of them until the block ends."""
    async with AsyncExitStack() as stack:
        for follower in followers:
            await stack.enter_async_context(follower.following())
        yield


@asynccontextmanager
async def drawing(followers: list[Follower], pixels_per_second: float, seed: int = 1) -> AsyncIterator[None]:
    """Let each of them draw at that rate while the block lasts."""
    tasks = [asyncio.create_task(_draw(follower, pixels_per_second, seed)) for follower in followers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _draw(follower: Follower, pixels_per_second: float, seed: int) -> None:
    dice = random.Random(f"{seed} {follower.token}")
    first = max(follower.asked, default=0) + 1
    for request in range(first, first + 1_000_000):
        await follower.place(request, dice.randrange(SIDE), dice.randrange(SIDE), dice.randrange(32))
        await asyncio.sleep(1 / pixels_per_second)
