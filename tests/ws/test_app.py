"""The socket application, from the handshake to the close frame."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.protocol.close_codes import CloseCode
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON, Role
from pixels_ws import app as app_module
from pixels_ws.sockets import connection as connection_module
from tests.ws.fake_socket import FakeSocket, eventually
from tests.ws.world import Client, World, running_world


def refusal(socket: FakeSocket, kind: str = "websocket.http.response") -> tuple[int, dict[str, Any]]:
    """Return status and problem document of a handshake that was refused."""
    start, body = socket.wire
    assert (start["type"], body["type"]) == (f"{kind}.start", f"{kind}.body")
    assert (b"content-type", b"application/problem+json") in start["headers"]
    return start["status"], json.loads(body["body"])


async def refused(world: World, **changes: Any) -> tuple[int, str]:
    client = world.dial(changes.pop("user", "ada"), changes.pop("query", ""), **changes)
    async with asyncio.timeout(2):
        await client.serving
    status, problem = refusal(client)
    assert problem["status"] == status
    return status, problem["code"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"headers": {"authorization": None}}, 401, "unauthorized"),
        ({"headers": {"origin": "https://evil.example"}}, 403, "foreign_origin"),
        ({"query": "canvas=other"}, 404, "unknown_canvas"),
        ({"query": "since=-1"}, 400, "malformed"),
        ({"subprotocols": ["soap"]}, 400, "unsupported_protocol"),
    ],
)
async def test_a_refused_handshake_is_an_http_answer(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    """[SOCK-1] [API-4] Nothing was accepted, and the refusal is counted."""
    assert await refused(world, **changes) == (status, code)
    assert world.registry.get_sample_value("pixels_sockets_refused_total", {"reason": code}) == 1
    assert world.hub.online == 0


async def test_an_address_with_enough_sockets_gets_429() -> None:
    """[SOCK-2] Until one of them leaves."""
    async with running_world(max_connections_per_address=1) as world:
        first = await world.connect("ada")
        assert await refused(world, user="bea") == (429, "too_many_connections")
        first.hang_up()
        await first.serving
        assert (await world.connect("bea")).states


@pytest.mark.parametrize("subprotocol", [SUBPROTOCOL_JSON, SUBPROTOCOL_BINARY])
async def test_the_subprotocol_is_agreed_on(world: World, subprotocol: str) -> None:
    client = await world.connect(subprotocols=[subprotocol])
    assert client.accepted == subprotocol


async def test_a_plain_request_is_told_what_this_is(world: World) -> None:
    """[SOCK-1] Or what a handshake would be told: a browser does not show why one failed."""
    for headers, status, code in (
        ({}, 400, "unsupported_protocol"),
        ({"authorization": None}, 401, "unauthorized"),
    ):
        socket = FakeSocket()
        scope = world.scope(headers=headers, type="http")
        await world.app(scope, socket.receive, socket.send)
        got, problem = refusal(socket, "http.response")
        assert (got, problem["code"]) == (status, code)


async def test_a_client_that_leaves_is_forgotten(world: World) -> None:
    client = await world.connect()
    client.place(1)
    client.hang_up()
    async with asyncio.timeout(2):
        await client.serving
    assert world.hub.online == 0
    assert client.close_code is None
    await eventually(lambda: world.hub.state.seq == 1)


async def test_an_oversized_message_is_answered_and_the_socket_closed(world: World) -> None:
    """[SOCK-3] The reason arrives before the close frame, which needs the reader out of the way."""
    client = await world.connect()
    client.say("x" * 5_000)
    await eventually(lambda: client.close_code)
    assert client.close_code == CloseCode.MESSAGE_TOO_BIG
    assert [reject.reason for reject in client.rejects] == [ReasonCode.TOO_LARGE]
    await client.serving
    assert world.hub.online == 0


async def test_a_flood_is_closed_and_what_was_good_of_it_stays(world: World) -> None:
    """[SOCK-4] 2,000 messages are judged, those after them never reach the engine."""
    client = await world.connect()
    for request in range(2_100):
        client.place(request)
    await eventually(lambda: client.close_code)
    assert client.close_code == CloseCode.FLOOD
    reasons = [reject.reason for reject in client.rejects]
    assert reasons.count(ReasonCode.FLOOD) == 21
    assert world.hub.state.seq == 200, "the user's burst"


async def test_whoever_floods_is_heard_out_before_the_close_frame(world: World) -> None:
    """[SOCK-4] Else the connection is reset over what was not read, and the client never learns why."""
    client = await world.connect()
    for _ in range(3_000):
        client.say("{")
    await eventually(lambda: client.close_code)
    assert client.close_code == CloseCode.POLICY_VIOLATION
    assert not client._incoming, "everything was taken off the connection"
    assert len(client.rejects) == 21


async def test_whoever_leaves_while_being_heard_out_needs_no_close_frame(world: World) -> None:
    """[SOCK-3] Nobody is there to take it."""
    client = await world.connect()
    client.say("x" * 5_000)
    client.hang_up()
    async with asyncio.timeout(2):
        await client.serving
    assert client.close_code is None
    assert world.hub.online == 0


async def test_whoever_does_not_pause_is_closed_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """[SOCK-4] Listening has an end."""
    monkeypatch.setattr(app_module, "HEAR_OUT_S", 0.1)
    client = await world.connect()
    client.say("x" * 5_000)
    async with asyncio.timeout(2):
        while client.close_code is None:
            client.say("more")
            await asyncio.sleep(0.005)
    assert client.close_code == CloseCode.MESSAGE_TOO_BIG


async def test_every_placement_gets_one_answer(world: World) -> None:
    """[REQ-1] Whatever is wrong with it, and however many come at once."""
    client = await world.connect()
    for request in range(300):
        client.place(request, request % 20, request % 14, request % 260)
    await eventually(lambda: len(client.acked) + len(client.rejects) == 300)
    answered = client.acked + [reject.id for reject in client.rejects]
    assert sorted(answered, key=lambda request: request or 0) == list(range(300))
    assert world.hub.state.seq == len(client.acked)


async def test_a_repeat_after_a_reconnect_is_answered_not_applied(world: World) -> None:
    """[REQ-2] [REQ-3] Same id, same pixel: the same ack. Another pixel: a duplicate."""
    first = await world.connect()
    first.place(7, 1, 1, 1)
    await first.answered(7)
    first.hang_up()
    await first.serving
    again = await world.connect(query="since=1")
    again.place(7, 1, 1, 1)
    assert await again.answered(7) is None
    again.place(7, 2, 1, 1)
    await eventually(lambda: again.rejects)
    assert again.rejects[0].reason is ReasonCode.DUPLICATE
    assert world.hub.state.seq == 1


async def test_a_viewer_may_only_watch(world: World) -> None:
    """[PLACE-1] The role is the token's."""
    viewer = await world.connect(role=Role.VIEWER)
    viewer.place(1)
    reject = await viewer.answered(1)
    assert reject is not None
    assert reject.reason is ReasonCode.READ_ONLY


async def test_nobody_comes_in_while_the_server_stops(world: World) -> None:
    """[SOCK-8] Neither a newcomer nor whoever was let in a moment before."""
    world.app.accepting = False
    assert await refused(world) == (503, "shutting_down")
    world.app.accepting = True
    late = world.dial(stalled=True)
    await asyncio.sleep(0.01)
    world.app.accepting = False
    late.resume()
    await eventually(lambda: late.close_code)
    assert late.close_code == CloseCode.SERVICE_RESTART


async def test_a_stalled_client_does_not_hold_its_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """[SOCK-5] [SOCK-2] Closing is tried for a moment, then the socket is given up."""
    monkeypatch.setattr(connection_module, "CLOSE_GRACE_S", 0.01)
    client = await world.connect()
    client.stalled = True
    client.place(1)
    await eventually(lambda: world.hub.state.seq == 1)
    world.hub.close_all(ReasonCode.SLOW_CONSUMER)
    async with asyncio.timeout(2):
        await client.serving
    assert world.hub.online == 0


async def test_a_reader_that_is_cancelled_from_outside_ends(world: World) -> None:
    client: Client = await world.connect()
    client.serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await client.serving
    assert world.hub.online == 0
