"""SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

from tests.integration.clients import UNLIMITED, canvas_of, eventually
from tests.integration.drawing import all_following, drawing, make_followers
from tests.integration.log import read_log
from tests.support.server import running_server

LONGEST_STOP_S = 5.0


async def test_stopping_under_load_keeps_every_promise(tmp_path: Path) -> None:
    """[SOCK-8] [SEQ-6] Everybody is told to come back, and the process ends by itself."""
    with running_server(tmp_path, **UNLIMITED) as server:
        followers = make_followers(server, 5)
        async with all_following(followers), drawing(followers, 100):
            await asyncio.sleep(1)
            started = time.monotonic()
            assert await asyncio.to_thread(server.terminate) == 0
            assert time.monotonic() - started < LONGEST_STOP_S
            await eventually(lambda: all(follower.close_code for follower in followers))
        assert {follower.close_code for follower in followers} == {1012}
        logged = await read_log(tmp_path)
        logged.check_itself()
        for follower in followers:
            logged.check_promises_to(follower)
            assert follower.seq == logged.seq, "the last batch was sent before the close frame"
            assert len(follower.acks) > 30
        await asyncio.to_thread(server.start)
        async with all_following(followers):
            for follower in followers:
                await follower.ask_again()
            await eventually(lambda: not any(follower.unanswered for follower in followers))
            end = canvas_of(server)
            await eventually(lambda: all(follower.seq == end["seq"] for follower in followers))
        assert {follower.checksum for follower in followers} == {end["checksum"]}
        assert sum(follower.gaps + follower.repeats for follower in followers) == 0


async def test_an_interrupt_stops_it_too(tmp_path: Path) -> None:
    """[SOCK-8] Ctrl+C, with an idle socket and a connection that never said anything."""
    with running_server(tmp_path) as server:
        (follower,) = make_followers(server, 1)
        with closing(socket.create_connection(("127.0.0.1", server.port))):
            async with follower.following():
                started = time.monotonic()
                process = server._process
                assert process is not None
                process.send_signal(signal.SIGINT)
                assert await asyncio.to_thread(process.wait, 10) == 0
                assert time.monotonic() - started < LONGEST_STOP_S
                await eventually(lambda: follower.close_code)
        assert follower.close_code == 1012
        assert any("Stopped at seq 0" in line for line in server.log)
