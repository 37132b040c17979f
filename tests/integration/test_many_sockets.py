"""A hundred sockets and a hundred pixels a second."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.integration.clients import UNLIMITED, canvas_of, eventually
from tests.integration.drawing import all_following, drawing, make_followers
from tests.integration.log import read_log
from tests.support.server import running_server

SOCKETS, PAINTERS, SECONDS = 100, 10, 8


@pytest.mark.slow
async def test_everybody_sees_the_same(tmp_path: Path) -> None:
    """[STR-2] [SYNC-1] [REQ-1] No gap, no repeat, one answer to each request, and equal checksums at the end."""
    with running_server(tmp_path, **UNLIMITED) as server:
        followers = make_followers(server, SOCKETS)
        painters = followers[:PAINTERS]
        async with all_following(followers):
            async with drawing(painters, 10):
                await asyncio.sleep(SECONDS)
            await eventually(lambda: not any(painter.unanswered for painter in painters))
            end = canvas_of(server)
            await eventually(lambda: all(follower.seq == end["seq"] for follower in followers))
        assert end["seq"] == sum(len(painter.asked) for painter in painters) > 500
        assert {follower.checksum for follower in followers} == {end["checksum"]}
        assert sum(follower.gaps + follower.repeats for follower in followers) == 0
        assert all(painter.answers == len(painter.asked) == len(painter.acks) for painter in painters)
        assert await asyncio.to_thread(server.terminate) == 0
    (await read_log(tmp_path)).check_itself()
