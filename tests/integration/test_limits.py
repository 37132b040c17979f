"""Limits over real sockets."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.integration.clients import (
    canvas_of,
    eventually,
    heard,
    new_token,
    opened,
    placement,
)
from tests.integration.drawing import all_following, make_followers
from tests.support.server import running_server


async def test_a_users_bucket_and_an_honest_wait(tmp_path: Path) -> None:
    """[PLACE-3] Waiting as long as `retryAfterMs` says is enough, and a quarter of it is not."""
    with running_server(tmp_path, user_rate="0.4", user_burst="3") as server:
        async with opened(server, new_token(server)) as socket:
            for request in range(4):
                await socket.send(placement(request, request))
            reject = await heard(socket, "pixel:reject")
            told = time.monotonic()
            assert (reject["id"], reject["reason"]) == (3, "rate_limited")
            wait = reject["retryAfterMs"] / 1000
            assert 0 < wait <= 2.5
            await asyncio.sleep(wait / 4)
            await socket.send(placement(3))
            assert (await heard(socket, "pixel:reject"))["reason"] == "rate_limited"
            await asyncio.sleep(told + wait - time.monotonic())
            await socket.send(placement(3))
            assert (await heard(socket, "pixel:ack"))["id"] == 3
        assert canvas_of(server)["seq"] == 4


async def test_the_bucket_of_an_address_is_shared_by_its_users(tmp_path: Path) -> None:
    """[PLACE-3] Three users of one address have ten pixels together, however many each of them has."""
    settings = {"user_rate": "100", "user_burst": "100", "address_rate": "0.1", "address_burst": "10"}
    with running_server(tmp_path, **settings) as server:
        followers = make_followers(server, 3)
        async with all_following(followers):
            for follower in followers:
                for request in range(6):
                    await follower.place(request, request, request, 3)
            await eventually(lambda: not any(follower.unanswered for follower in followers))
        rejects = [reject for follower in followers for reject in follower.rejects.values()]
        assert sum(len(follower.acks) for follower in followers) == 10
        assert {reject["reason"] for reject in rejects} == {"rate_limited"}
        assert all(reject["retryAfterMs"] > 5_000 for reject in rejects)
        assert canvas_of(server)["seq"] == 10


async def test_a_message_flood_is_closed(tmp_path: Path) -> None:
    """[SOCK-4] Everybody else goes on."""
    with running_server(tmp_path, socket_rate="10", socket_burst="300") as server:
        flooder, other = make_followers(server, 2)
        async with all_following([flooder, other]):
            for request in range(1_000):
                await flooder.place(request, 1, 1, 1)
            await eventually(lambda: flooder.close_code)
            assert flooder.close_code == 4002
            await other.place(1, 2, 2, 2)
            await eventually(lambda: other.acks)
        reasons = [reject["reason"] for reject in flooder.rejects.values()]
        assert reasons.count("flood") >= 20
        assert canvas_of(server)["seq"] <= 301


async def test_a_burst_of_strokes_is_answered_pixel_by_pixel(tmp_path: Path) -> None:
    """[REQ-1] [SOCK-4] 2,000 refusals at once are no reason to call the socket slow."""
    with running_server(tmp_path, user_rate="0.1", user_burst="1") as server:
        (follower,) = make_followers(server, 1)
        async with follower.following():
            for request in range(1_900):
                await follower.place(request, request % 100, 1, 1)
            await eventually(lambda: not follower.unanswered)
            assert follower.close_code is None
            assert (len(follower.acks), follower.answers) == (1, 1_900)


async def test_sockets_of_one_address_are_capped(tmp_path: Path) -> None:
    """[SOCK-2] 429 with the reason; one that leaves makes room."""
    with running_server(tmp_path, max_connections_per_address="2") as server:
        token = new_token(server)
        async with opened(server, token):
            async with opened(server, token):
                with pytest.raises(InvalidStatus) as caught:
                    async with opened(server, token):
                        pass
                assert caught.value.response.status_code == 429
                assert json.loads(caught.value.response.body or b"")["code"] == "too_many_connections"
            for _ in range(100):
                try:
                    async with opened(server, token) as third:
                        assert await heard(third, "canvas:state")
                    break
                except (InvalidStatus, ConnectionClosed):
                    await asyncio.sleep(0.05)
            else:
                pytest.fail("the place of a socket that left is not given away")
