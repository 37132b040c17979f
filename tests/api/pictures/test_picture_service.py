"""Drawing costs: shared where pictures are equal, limited where they are not."""

from __future__ import annotations

import asyncio

import pytest

from pixels_api.pictures import picture_service
from pixels_api.pictures.rendering import Picture
from pixels_core.errors import ReasonCode
from tests.api.conftest import World, assert_problem

PNG = "/api/canvas/main/canvas.png"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the tags of the pictures that were really drawn, as they come."""
    tags: list[str] = []
    render = Picture.render

    def counted(picture: Picture) -> bytes:
        tags.append(picture.etag)
        return render(picture)

    monkeypatch.setattr(Picture, "render", counted)
    return tags


async def test_a_crowd_shares_one_drawing(world: World, drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """[API-4] Nobody is refused for a picture that somebody else had drawn."""
    monkeypatch.setattr(picture_service, "_AT_ONCE", 1)
    world.options["exports_per_minute"] = 1
    async with world.from_address("192.0.2.1") as client:
        answers = await asyncio.gather(*(client.get(PNG) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(drawn) == 1


async def test_a_kept_picture_is_never_an_old_one(world: World, drawn: list[str]) -> None:
    """[API-3] What is kept is found by its content's tag: after a change it is drawn anew."""
    async with world.from_address("192.0.2.1") as client:
        before = await client.get(PNG)
        await world.host.place(1, 1, 5)
        after = await client.get(PNG)
    assert before.content != after.content
    assert len(drawn) == 2


async def test_only_a_few_are_kept(world: World, drawn: list[str]) -> None:
    async with world.from_address("192.0.2.1") as client:
        for x in [*range(9), 0, 8]:
            assert (await client.get(PNG, params={"x": x, "width": 1})).status_code == 200
    assert len(drawn) == 10, "the first one had to go, the last one is still there"


async def test_large_ones_are_not_kept(world: World, drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_service, "_KEPT_BYTES", 100)
    async with world.from_address("192.0.2.1") as client:
        await client.get(PNG)
        await client.get(PNG)
    assert len(drawn) == 2


async def test_drawing_is_limited_by_address(world: World, drawn: list[str]) -> None:
    """[API-4] A flood of different pictures gets 429; what is kept or known to the client stays free."""
    world.options["exports_per_minute"] = 2
    async with world.from_address("192.0.2.1") as client:
        tag = (await client.get(PNG)).headers["ETag"]
        assert (await client.get(PNG, params={"scale": 2})).status_code == 200
        answer = await client.get(PNG, params={"scale": 3})
        assert assert_problem(answer, 429, ReasonCode.RATE_LIMITED)["retryAfterMs"] == 30_000
        assert answer.headers["Retry-After"] == "30"
        assert (await client.get(PNG)).status_code == 200
        assert (await client.get(PNG, headers={"If-None-Match": tag})).status_code == 304
        world.clock.advance(30_000)
        assert (await client.get(PNG, params={"scale": 3})).status_code == 200
    assert len(drawn) == 3
