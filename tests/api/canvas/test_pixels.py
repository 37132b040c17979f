"""One pixel over HTTP."""

from __future__ import annotations

import pytest

from pixels_core.errors import ReasonCode
from tests.api.conftest import START, Client, World, assert_problem

URL = "/api/canvas/main/pixel"


async def test_a_pixel_nobody_placed(client: Client) -> None:
    assert (await client.get(f"{URL}/0/0")).json() == {
        "x": 0,
        "y": 0,
        "color": 0,
        "hex": "#ffffff",
        "colorName": "White",
        "user": None,
        "userName": None,
        "time": None,
        "seq": None,
        "history": [],
    }


async def test_owner_and_history(world: World, client: Client) -> None:
    await world.host.store.remember("u_ada", "Ada")
    await world.host.place(3, 2, 7, user="u_ada")
    world.clock.advance(500)
    await world.host.place(3, 2, 40, user="u_bob")
    await world.host.place(4, 2, 1)
    body = (await client.get(f"{URL}/3/2")).json()
    newest = {"seq": 2, "color": 40, "user": "u_bob", "userName": None, "time": START + 500}
    assert body["history"] == [newest, {"seq": 1, "color": 7, "user": "u_ada", "userName": "Ada", "time": START}]
    assert {key: body[key] for key in newest} == newest
    assert (body["x"], body["y"], body["hex"], body["colorName"]) == (3, 2, "#003366", "#003366")


async def test_the_history_is_as_long_as_asked(world: World, client: Client) -> None:
    for color in range(1, 31):
        await world.host.place(0, 0, color)
    assert len((await client.get(f"{URL}/0/0")).json()["history"]) == 20
    limited = (await client.get(f"{URL}/0/0", params={"limit": 2})).json()["history"]
    assert [placement["color"] for placement in limited] == [30, 29]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/20/0", 400, ReasonCode.OUT_OF_BOUNDS),
        ("/0/10", 400, ReasonCode.OUT_OF_BOUNDS),
        ("/-1/0", 400, ReasonCode.OUT_OF_BOUNDS),
        ("/0/" + "9" * 400, 400, ReasonCode.OUT_OF_BOUNDS),
        ("/0/" + "9" * 5000, 404, ReasonCode.NOT_FOUND),
        ("/NaN/0", 404, ReasonCode.NOT_FOUND),
        ("/1.5/0", 404, ReasonCode.NOT_FOUND),
        ("/Infinity/0", 404, ReasonCode.NOT_FOUND),
        ("/0", 404, ReasonCode.NOT_FOUND),
        ("/0/0?limit=0", 400, ReasonCode.MALFORMED),
        ("/0/0?limit=101", 400, ReasonCode.MALFORMED),
        ("/0/0?limit=NaN", 400, ReasonCode.MALFORMED),
        ("/0/0?limit=" + "9" * 5000, 400, ReasonCode.MALFORMED),
    ],
    ids=lambda value: str(value)[:16],
)
async def test_impossible_pixels(client: Client, path: str, status: int, code: ReasonCode) -> None:
    """[API-4] Whatever stands in the address, the answer is a problem with a code."""
    assert_problem(await client.get(URL + path), status, code)


async def test_unknown_canvas(client: Client) -> None:
    """[API-4] The canvas is checked first."""
    assert_problem(await client.get("/api/canvas/nope/pixel/0/0"), 404, ReasonCode.UNKNOWN_CANVAS)
