"""kill -9 under load, again and again."""

from __future__ import annotations

import asyncio
import random
import subprocess
from pathlib import Path

import pytest

from tests.integration.clients import UNLIMITED, canvas_of, eventually, new_token
from tests.integration.drawing import all_following, drawing, make_followers
from tests.integration.log import read_log
from tests.support.command import installed
from tests.support.server import RunningServer, running_server

ROUNDS = 4


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_and_nothing_is_applied_twice(tmp_path: Path) -> None:
    """[SEQ-6] [REQ-2] [STR-2] [SYNC-1] Five people draw on while the server is killed at random moments."""
    dice = random.Random(20)
    with running_server(tmp_path, **UNLIMITED, snapshot_seconds="0.7") as server:
        epoch = canvas_of(server)["epoch"]
        followers = make_followers(server, 5)
        for round_number in range(ROUNDS):
            async with all_following(followers):
                for follower in followers:
                    await follower.ask_again()
                async with drawing(followers, 100, seed=round_number):
                    await asyncio.sleep(dice.uniform(0.5, 1.2))
                    await asyncio.to_thread(server.kill9)
            logged = await read_log(tmp_path)
            logged.check_itself()
            for follower in followers:
                logged.check_promises_to(follower)
                assert follower.seq <= logged.seq, "somebody saw what is not in the log"
            await asyncio.to_thread(server.start)
            assert canvas_of(server)["seq"] >= logged.seq
        async with all_following(followers):
            for follower in followers:
                await follower.ask_again()
            await eventually(lambda: not any(follower.unanswered for follower in followers))
            end = canvas_of(server)
            await eventually(lambda: all(follower.seq == end["seq"] for follower in followers))
        assert end["epoch"] == epoch
        assert {follower.epoch for follower in followers} == {epoch}
        assert [(follower.gaps, follower.repeats) for follower in followers] == [(0, 0)] * 5
        assert {follower.checksum for follower in followers} == {end["checksum"]}
        assert server.terminate() == 0
    logged = await read_log(tmp_path)
    logged.check_itself()
    assert logged.canvas.checksum == end["checksum"]
    for follower in followers:
        logged.check_promises_to(follower)
        assert set(follower.acks) == set(follower.asked), "unlimited people are refused nothing"
    assert len(logged.placements) == sum(len(follower.asked) for follower in followers) > 300


async def test_requests_are_known_after_a_kill(tmp_path: Path) -> None:
    """[REQ-2] [REQ-3] The same pixel gets the same seq; another one is a duplicate."""
    with running_server(tmp_path) as server:
        (follower,) = make_followers(server, 1)
        async with follower.following():
            await follower.place(9, 3, 3, 3)
            await eventually(lambda: follower.acks)
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        promised = follower.acks.pop(9)
        async with follower.following():
            assert follower.modes == ["live", "live"]
            await follower.place(9, 3, 3, 3)
            await eventually(lambda: follower.acks)
            assert follower.acks[9] == promised
            await follower.place(9, 3, 3, 4)
            await eventually(lambda: follower.rejects)
            assert follower.rejects[9]["reason"] == "duplicate"
        assert canvas_of(server)["seq"] == 1


async def test_sessions_and_limits_outlive_a_kill(tmp_path: Path) -> None:
    """[SES-1] [PLACE-3] A restart is no way to a full bucket."""
    with running_server(tmp_path, user_rate="0.01", user_burst="3") as server:
        (follower,) = make_followers(server, 1)
        async with follower.following():
            for request in range(3):
                await follower.place(request, request, 0, 1)
            await eventually(lambda: len(follower.acks) == 3)
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        async with follower.following():
            await follower.place(3, 3, 0, 1)
            await eventually(lambda: follower.rejects)
            assert follower.rejects[3]["reason"] == "rate_limited"


def test_a_kill_while_starting(tmp_path: Path) -> None:
    """[SEQ-6] Also of the very first start, whatever was made by then."""
    for patience in (0.3, 0.6, 0.9, 1.2):
        server = RunningServer(tmp_path, {})
        _start_and_kill(server, patience)
    with running_server(tmp_path) as server:
        assert new_token(server)
        assert canvas_of(server)["seq"] == 0


def _start_and_kill(server: RunningServer, patience: float) -> None:
    child = subprocess.Popen(
        [installed("pixels"), "serve"],
        env=server._environment(),
        cwd=server.data_dir,
        stderr=subprocess.DEVNULL,
    )
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
