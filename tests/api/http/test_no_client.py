from __future__ import annotations

import re

from pixels_core.errors import ReasonCode
from tests.api.conftest import World, assert_problem


async def test_the_page_says_why_it_is_not_there_and_what_works(world: World) -> None:
    async with world.from_address("192.0.2.1") as client:
        answer = await client.get("/")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "make client" in answer.text
        for path in re.findall(r'href="(api[^"]*)"', answer.text):
            assert (await client.get(f"/{path}")).status_code == 200, path
        assert_problem(await client.get("/elsewhere"), 404, ReasonCode.NOT_FOUND)
