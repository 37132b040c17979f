"""Pages of other sites: the allowed ones may read, the others may not."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders

from pixels_api.http.cors import add_vary
from tests.api.conftest import Client, World

FRIEND = "https://friend.example"
URL = "/api/canvas/main/bitmap"


async def test_a_friend_may_read(world: World) -> None:
    """[SES-2] An allowed origin gets its name back, with the headers it may see; caches keep it apart."""
    world.options["allowed_origins"] = (FRIEND,)
    async with world.from_address("192.0.2.1") as client:
        answer = await client.get(URL, headers={"Origin": FRIEND})
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "Pixels-Seq" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers.get_list("Vary") == ["Accept-Encoding, Origin"]
        missing = await client.get("/api/nothing", headers={"Origin": FRIEND})
        assert (missing.status_code, missing.headers["Access-Control-Allow-Origin"]) == (404, FRIEND)


async def test_a_friends_preflight(world: World) -> None:
    world.options["allowed_origins"] = (FRIEND,)
    wish = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    async with world.from_address("192.0.2.1") as client:
        answer = await client.options("/api/session", headers=wish)
    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


async def test_others_may_not(world: World) -> None:
    """[SES-2] Neither a foreign page nor "null" gets a word of permission, on any method."""
    world.options["allowed_origins"] = (FRIEND,)
    async with world.from_address("192.0.2.1") as client:
        for origin in ("https://evil.example", "null", "http://friend.example", FRIEND + ".evil.example"):
            for method in ("GET", "OPTIONS", "POST"):
                answer = await client.request(method, "/api/session", headers={"Origin": origin})
                assert not [name for name in answer.headers if name.startswith("access-control-allow")]
                assert "Origin" in answer.headers["Vary"]


async def test_by_default_nobody_may(client: Client) -> None:
    """[SES-2] Without allowed origins there is no such header at all."""
    answer = await client.get(URL, headers={"Origin": FRIEND})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_vary_keeps_what_it_has() -> None:
    headers = MutableScopeHeaders()
    add_vary(headers, "Origin")
    assert headers["Vary"] == "Origin"
    add_vary(headers, "Cookie")
    assert headers["Vary"] == "Origin, Cookie"
