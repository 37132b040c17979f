"""A pixel shows before the server knows of it, and goes again when the server refuses it."""

from __future__ import annotations

import pytest

from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard, OpenContext
from tests.e2e.link import Link
from tests.e2e.truth import truth_of
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

FEW = {"user_burst": "5", "user_rate": "0.01"}
CELLS = [(445 + i, 450) for i in range(5)]


@pytest.fixture
def server(own_server: RunningServer) -> RunningServer:
    """Each test has a server of its own."""
    return own_server


async def test_a_pixel_shows_before_its_answer_and_stays(
    server: RunningServer, link: Link, open_board: OpenBoard
) -> None:
    """[SYNC-6] The answer is kept back: the pixel is on the screen, but not yet in the confirmed canvas."""
    board = await open_board(url=link.url)
    await board.choose(6)
    link.hold_answers()
    await board.place(450, 450)
    assert await board.shown([(450, 450)]) == [6]
    assert await board.confirmed([(450, 450)]) == [0]
    assert (await board.state()).pending == 1
    link.release()
    truth = await board.wait_until_equal(server.url)
    assert truth.painted() == {(450, 450): 6}
    assert await board.confirmed([(450, 450)]) == [6]


@pytest.mark.parametrize("settings", [FEW])
async def test_a_refused_pixel_reverts_and_says_why(
    server: RunningServer, link: Link, open_context: OpenContext
) -> None:
    """[SYNC-6] [PLACE-2] A second tab spends the tokens that this one counts on: back to the colour that stands."""
    context = await open_context()
    tab, spender = Board(await context.new_page(), link.url), Board(await context.new_page(), link.url)
    await tab.open("#450,450,8")
    await spender.open("#450,450,8")
    async with PixelsClient(server.url) as script:
        for x, y in CELLS[:3]:
            await script.place(x, y, 12)
    await tab.wait_until_shown(CELLS[:3], 12)
    await spender.choose(3)
    await spender.draw((440, 440), (444, 440))
    await spender.wait_until_settled()

    await tab.choose(6)
    await tab.page.bring_to_front()
    link.hold_answers()
    await tab.draw(CELLS[0], CELLS[2])
    assert await tab.shown(CELLS[:3]) == [6, 6, 6]
    link.release()

    await tab.wait_until_shown(CELLS[:3], 12)
    await tab.wait_until_equal(server.url)
    message = tab.toast("rate_limited")
    await message.wait_for()
    assert "limit" in await message.inner_text()
    await tab.get("limit").filter(has_text="Next pixel in").wait_for()


@pytest.mark.parametrize("settings", [FEW])
async def test_a_stroke_stops_at_the_limit_and_says_so(server: RunningServer, open_board: OpenBoard) -> None:
    """[PLACE-3] Five pixels are allowed and five appear: the rest of the stroke is not even shown."""
    board = await open_board()
    await board.choose(6)
    await board.draw((445, 450), (460, 450))
    assert await board.shown([(450, 450), (455, 450)]) == [0, 0]
    await board.toast("limit").wait_for()
    meter = board.page.get_by_role("meter", name="Pixels you may place now")
    assert await meter.get_attribute("aria-valuemax") == "5"
    assert await meter.get_attribute("aria-valuenow") == "0"

    async def seconds() -> int:
        return int("".join(filter(str.isdigit, await board.get("limit").inner_text())) or 0)

    first = await seconds()

    async def counted_down() -> bool:
        return 0 < await seconds() < first

    await eventually(counted_down, "the wait counts down")
    truth = await board.wait_until_equal(server.url)
    assert sorted(truth.painted()) == CELLS


@pytest.mark.parametrize("settings", [{"user_burst": "3", "user_rate": "4"}])
async def test_waiting_refills_the_limit(server: RunningServer, open_board: OpenBoard) -> None:
    """[PLACE-3] When the page says that there are pixels again, the server agrees."""
    board = await open_board()
    await board.choose(6)
    await board.draw((445, 450), (460, 450))
    await board.wait_until_settled()
    await board.page.get_by_test_id("limit").filter(has_text="3 pixels").wait_for()
    await board.draw((445, 452), (447, 452))
    await board.wait_until_settled()
    assert len((await truth_of(server.url)).painted()) == 6
    assert not await board.toast("rate_limited").is_visible()
