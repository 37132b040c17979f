"""Bad input over a real socket: refused with its reason, and the canvas is what it was."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON, Role
from pixels_core.web.tokens import Session, TokenSigner
from tests.integration.clients import (
    canvas_of,
    close_code_of,
    heard,
    new_token,
    opened,
    placement,
)
from tests.support.server import RunningServer, running_server

SECRET = "integration tests sign with this!"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server that all tests of this module share."""
    with running_server(tmp_path_factory.mktemp("data"), secret=SECRET) as running:
        yield running


@pytest.fixture
def token(server: RunningServer) -> str:
    """Return the token of a new session."""
    return new_token(server)


@pytest.fixture
def untouched(server: RunningServer) -> Iterator[None]:
    """Check that seq and checksum are afterwards what they were before."""
    before = canvas_of(server)
    yield
    after = canvas_of(server)
    assert (after["seq"], after["checksum"]) == (before["seq"], before["checksum"])


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("data", "reason", "request_id"),
    [
        ("{", "malformed", None),
        ("", "malformed", None),
        ("[1, 2]", "malformed", None),
        ("[" * 4_000, "malformed", None),
        ('{"type": "pixel:fill", "id": 3}', "unknown_type", 3),
        ('{"type": "canvas:state"}', "unknown_type", None),
        (placement(4, x=-1), "out_of_bounds", 4),
        (placement(4, x=900), "out_of_bounds", 4),
        (placement(4, y=2**53 - 1), "out_of_bounds", 4),
        (placement(4, color=248), "bad_color", 4),
        (placement(4, color=-1), "bad_color", 4),
        (placement(4, color="#123457"), "bad_color", 4),
        (placement(4, color="red"), "bad_color", 4),
        (placement(4, color=True), "malformed", 4),
        (placement(4, color=None), "malformed", 4),
        (placement(4, x=False), "malformed", 4),
        (placement(4, x=1.0), "malformed", 4),
        (placement(4, x=float("nan")), "malformed", None),
        (placement(4, y=float("-inf")), "malformed", None),
        (placement(4, x=10**40), "malformed", 4),
        (placement(-4), "malformed", None),
        (placement(10**19), "malformed", None),
        (b"", "unknown_type", None),
        (b"\x02\x00", "unknown_type", None),
        (b"\x81\x00", "malformed", None),
        (b"\x81" + b"\xff" * 1_000, "malformed", None),
        (b"\x81\x00\x01\x00\x05\x00\x01" + b"\xc0\xc3\x8b\x01", "out_of_bounds", 5),
        (b"\x81\x00\xff\x00\x05\x00\x01\x02", "bad_color", 5),
    ],
)
async def test_bad_messages(
    server: RunningServer, token: str, data: str | bytes, reason: str, request_id: int | None
) -> None:
    """[SOCK-3] [PLACE-1] [REQ-4] One reject, and the socket stays open."""
    async with opened(server, token, subprotocol=SUBPROTOCOL_BINARY) as socket:
        await socket.send(data)
        reject = await heard(socket, "pixel:reject")
        assert (reject["reason"], reject.get("id")) == (reason, request_id)
        await socket.send('{"type": "heartbeat", "t": 5}')
        assert (await heard(socket, "heartbeat"))["t"] == 5


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("data", ["x" * (1 << 20), bytes(1 << 20), "x" * 4_097])
async def test_an_oversized_message_closes_the_socket(server: RunningServer, token: str, data: str | bytes) -> None:
    """[SOCK-3] With the reason first."""
    async with opened(server, token) as socket:
        await socket.send(data)
        assert (await heard(socket, "pixel:reject"))["reason"] == "too_large"
        assert await close_code_of(socket) == 1009


@pytest.mark.usefixtures("untouched")
async def test_nothing_but_nonsense_closes_the_socket(server: RunningServer, token: str) -> None:
    """[SOCK-3] After some patience."""
    async with opened(server, token) as socket:
        for _ in range(30):
            await socket.send("{")
        assert await close_code_of(socket) == 1008


def signed(user: str = "u_test", secret: str = SECRET, seconds: int = 60) -> str:
    session = Session(user=user, role=Role.PAINTER, expires_at=int((time.time() + seconds) * 1000))
    return TokenSigner(secret.encode()).sign(session)


async def refusal(server: RunningServer, token: str | None, query: str = "", **options: Any) -> tuple[int, str]:
    """Try to connect; return status and reason code of the HTTP answer."""
    with pytest.raises(InvalidStatus) as caught:
        async with opened(server, token, query, **options):
            pass
    response = caught.value.response
    assert response.headers["content-type"] == "application/problem+json"
    problem = json.loads(response.body or b"")
    assert problem["status"] == response.status_code
    return response.status_code, problem["code"]


@pytest.mark.usefixtures("untouched")
async def test_tokens_that_are_no_good(server: RunningServer) -> None:
    """[SOCK-1] [SES-1] Before the socket is accepted."""
    assert await refusal(server, None) == (401, "unauthorized")
    assert await refusal(server, "nonsense") == (401, "unauthorized")
    assert await refusal(server, signed(secret="somebody else's secret of 32 bytes")) == (401, "unauthorized")
    good = signed()
    assert await refusal(server, f"A{good}") == (401, "unauthorized")
    assert await refusal(server, signed(seconds=-1)) == (401, "expired")
    async with opened(server, good) as socket:
        assert (await heard(socket, "canvas:state"))["you"]["user"] == "u_test"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"subprotocol": None}, (400, "unsupported_protocol")),
        ({"subprotocol": "graphql-ws"}, (400, "unsupported_protocol")),
        ({"origin": "https://evil.example"}, (403, "foreign_origin")),
        ({"origin": "null"}, (403, "foreign_origin")),
        ({"query": "canvas=other"}, (404, "unknown_canvas")),
        ({"query": "since=-1"}, (400, "malformed")),
        ({"query": "since=yesterday"}, (400, "malformed")),
        ({"query": f"since={'9' * 30}"}, (400, "malformed")),
    ],
)
async def test_handshakes_that_are_no_good(
    server: RunningServer, token: str, options: dict[str, str], expected: tuple[int, str]
) -> None:
    """[SOCK-1] [SES-2] Each with its reason."""
    assert await refusal(server, token, **options) == expected


async def test_our_own_page_may_connect(server: RunningServer, token: str) -> None:
    """[SES-2] Origin and host are the same."""
    async with opened(server, token, origin=server.url) as socket:
        assert socket.subprotocol == SUBPROTOCOL_JSON


def test_a_cookie_is_as_good_as_a_bearer(server: RunningServer, token: str) -> None:
    """What a browser does: the cookie, from our own page."""
    answer = httpx.get(f"{server.url}/ws", headers={"cookie": f'other={{"a": 1}}; pixels_session={token}'})
    assert (answer.status_code, answer.json()["code"]) == (400, "unsupported_protocol")
    answer = httpx.get(f"{server.url}/ws")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_ids_that_were_used_before(server: RunningServer, token: str) -> None:
    """[REQ-2] [REQ-3] Also on another socket of the same user."""
    async with opened(server, token) as socket:
        await socket.send(placement(77, 5, 5, 3))
        seq = (await heard(socket, "pixel:ack"))["seq"]
        await socket.send(placement(77, 5, 5, 3))
        assert await heard(socket, "pixel:ack") == {"type": "pixel:ack", "id": 77, "seq": seq}
        await socket.send(placement(77, 5, 5, 4))
        assert (await heard(socket, "pixel:reject"))["reason"] == "duplicate"
    async with opened(server, token, f"since={seq}") as socket:
        await socket.send(placement(77, 5, 5, 3))
        assert (await heard(socket, "pixel:ack"))["seq"] == seq
        await socket.send(placement(77, 6, 5, 3))
        reject = await heard(socket, "pixel:reject")
        assert (reject["reason"], reject["color"]) == ("duplicate", 0)
    async with opened(server, new_token(server)) as socket:
        await socket.send(placement(77, 6, 5, 3))
        assert (await heard(socket, "pixel:ack"))["seq"] == seq + 1, "ids are each user's own"
