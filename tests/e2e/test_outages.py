"""Reloads, crashes, restarts and lost networks under an open page."""

from __future__ import annotations

import asyncio
import time

import pytest

from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenBoard, OpenContext
from tests.e2e.link import Link
from tests.e2e.truth import Cell, truth_of
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

ROW = 440


@pytest.fixture
def server(own_server: RunningServer) -> RunningServer:
    """Each test has a server of its own."""
    return own_server


async def _stroke_on(board: Board, first: int, last: int) -> None:
    """Go on with a stroke, one mouse event a cell."""
    for x in range(first, last + 1):
        await board.page.mouse.move(*await board.point(x, ROW))


def _cells(first: int, last: int) -> list[Cell]:
    return [(x, ROW) for x in range(first, last + 1)]


async def test_a_reload_in_the_middle_of_a_stroke(server: RunningServer, open_board: OpenBoard) -> None:
    """[SYNC-1] [SEQ-6] After the reload the page equals the server, and what was acknowledged is there."""
    board = await open_board()
    await board.choose(6)
    await board.press((410, ROW))
    await _stroke_on(board, 411, 440)

    async def acknowledged() -> int:
        return board.acknowledged_seq

    seen = await eventually(acknowledged, "a part of the stroke is acknowledged")
    await _stroke_on(board, 441, 446)
    await board.page.reload()
    await board.wait_for_mode("live")
    await board.page.mouse.up()
    truth = await board.wait_until_equal(server.url)
    assert truth.seq >= max(seen, board.acknowledged_seq)
    assert set(_cells(410, 440)) <= set(truth.painted()) <= set(_cells(410, 446))


async def test_kill_9_in_the_middle_of_a_stroke(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SEQ-6] [SYNC-5] [REQ-2] The open page refuses to paint meanwhile, returns by itself, and nothing is lost,
    doubled or invented.
    """
    board = await open_board()
    await board.choose(6)
    await board.press((400, ROW))
    await _stroke_on(board, 401, 420)
    await board.wait_until_settled()
    with complaints.outage():
        killing = asyncio.create_task(asyncio.to_thread(server.kill9))
        await _stroke_on(board, 421, 440)
        await killing
        await board.wait_for_mode("offline")
        await _painting_is_refused(board)
        _, shown = await board.painted()
        await asyncio.to_thread(server.start)
        await board.wait_for_mode("live", seconds=20)
    truth = await board.wait_until_equal(server.url)
    assert truth.seq >= board.acknowledged_seq
    assert truth.painted() == shown, "what was on its way was asked for again"
    assert set(_cells(400, 420)) <= set(shown) <= set(_cells(400, 440))
    assert truth.seq == len(shown), "each cell was placed once"
    assert board.navigations == 1
    assert (await board.state()).reloads == 0
    await board.place(450, 460)
    await board.wait_until_settled()
    assert (await truth_of(server.url)).color_at(450, 460) == 6


async def test_kill_9_with_answers_on_their_way(
    server: RunningServer, link: Link, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SYNC-5] [REQ-2] Half of what has no answer was saved, the other half never arrived: each is placed once."""
    board = await open_board(url=link.url)
    await board.choose(6)
    await board.press((400, ROW))
    link.hold_answers()
    await _stroke_on(board, 401, 410)

    async def saved() -> bool:
        return (await truth_of(server.url)).seq == 11

    await eventually(saved, "the server saved the first half")
    link.hold_requests()
    await _stroke_on(board, 411, 420)
    assert (await board.state()).pending == 21
    with complaints.outage():
        await asyncio.to_thread(server.kill9)
        await link.cut()
        await board.wait_for_mode("offline")
        await board.page.mouse.up()
        assert "21 waiting" in await board.get("status").inner_text()
        await asyncio.to_thread(server.start)
        await link.restore()
        await board.wait_for_mode("live", seconds=20)
    truth = await board.wait_until_equal(server.url)
    assert sorted(truth.painted()) == _cells(400, 420)
    assert truth.seq == 21


async def _painting_is_refused(board: Board) -> None:
    """The status says so, the stroke does not go on, and neither does a new one start."""
    assert "Offline" in await board.get("status").inner_text()
    assert "out of date" in await board.get("notice").inner_text()
    _, before = await board.painted()
    await _stroke_on(board, 441, 450)
    await board.page.mouse.up()
    await board.place(450, 450)
    assert (await board.painted())[1] == before
    await board.toast("offline").wait_for()


async def test_a_restart_is_over_in_five_seconds(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SOCK-8] SIGTERM during a stroke, then a new process: every page is live again within 5 s."""
    one, two = await open_board(), await open_board()
    await one.choose(6)
    await one.press((400, ROW))
    with complaints.outage():
        stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
        await _stroke_on(one, 401, 425)
        assert await stopping == 0
        await one.wait_for_mode("offline")
        await one.page.mouse.up()
        await asyncio.to_thread(server.start)
        since = time.monotonic()
        await asyncio.gather(one.wait_for_mode("live"), two.wait_for_mode("live"))
        assert time.monotonic() - since < 5
    truth = await one.wait_until_equal(server.url)
    assert await two.wait_until_equal(server.url) == truth
    assert truth.seq == len(truth.painted()) >= one.acknowledged_seq
    assert one.navigations == two.navigations == 1
    assert one.bitmap_requests == two.bitmap_requests == 1


def _saturation(color: tuple[int, int, int]) -> int:
    return max(color) - min(color)


async def test_a_lost_network_is_shown_and_caught_up_without_the_bitmap(
    server: RunningServer, link: Link, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[STR-2] [SYNC-2] While the link is cut the board looks stale; afterwards only what was missed is sent."""
    board = await open_board(url=link.url)
    await board.choose(5)
    await board.draw((440, 440), (444, 440), (444, 442), (440, 442))
    await board.wait_until_settled()
    at = await board.point(442, 440)
    await board.page.mouse.move(640, 100)
    fresh = _saturation(await board.color_on_screen(at))
    with complaints.outage():
        await link.cut()
        await board.wait_for_mode("offline")
        assert await board.get("notice").is_visible()

        async def faded() -> bool:
            return _saturation(await board.color_on_screen(at)) < fresh * 0.7

        await eventually(faded, "the board looks stale")
        async with PixelsClient(server.url) as script:
            await script.draw([(430 + i % 40, 460 + i // 40, 3 + i % 7) for i in range(160)])
        await link.restore()
        await board.wait_for_mode("live", seconds=20)
    truth = await board.wait_until_equal(server.url)
    assert len(truth.painted()) > 160
    assert board.bitmap_requests == 1
    assert (await board.state()).reloads == 0
    assert not await board.get("notice").is_visible()

    async def bright() -> bool:
        return _saturation(await board.color_on_screen(at)) == fresh

    await eventually(bright, "the board has its colours back")


async def test_a_browser_that_goes_offline_comes_back(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[STR-2] The browser itself says that there is no network, as on a train."""
    board = await open_board()
    with complaints.outage():
        await board.page.context.set_offline(True)
        await board.wait_for_mode("offline", seconds=15)
        async with PixelsClient(server.url) as script:
            await script.place(450, 450, 4)
        await board.page.context.set_offline(False)
        await board.wait_for_mode("live", seconds=15)
    truth = await board.wait_until_equal(server.url)
    assert truth.painted() == {(450, 450): 4}
    assert board.bitmap_requests == 1


async def test_a_page_opened_without_a_server_waits_for_it(
    server: RunningServer, link: Link, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SYNC-1] The page is there but the bitmap cannot be fetched: it says so, and goes on by itself."""
    board = await open_board(url=link.url)
    async with PixelsClient(server.url) as script:
        await script.place(450, 450, 4)
    with complaints.outage():
        await board.page.route("**/api/**", lambda route: route.abort())
        await board.page.reload()
        await board.get("curtain").filter(has_text="cannot be reached").wait_for()
        await board.page.unroute_all()
        await board.get("curtain").get_by_role("button").click()
        await board.wait_for_mode("live")
    await board.wait_until_equal(server.url)
    assert not await board.get("curtain").is_visible()


_TIMERS_STAND_STILL = "window.setInterval = () => 0;"
"""What browsers come close to in a tab that was hidden for five minutes."""


async def test_a_tab_in_the_background_keeps_its_connection(server: RunningServer, open_context: OpenContext) -> None:
    """Heartbeats go on where the page's own timers do not, or the server would leave the silent socket."""
    page = await (await open_context()).new_page()
    heartbeats: list[str] = []

    def listen(frame: str | bytes) -> None:
        if isinstance(frame, str) and '"heartbeat"' in frame:
            heartbeats.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", listen))
    await page.add_init_script(_TIMERS_STAND_STILL)
    board = Board(page, server.url)
    await board.open()

    async def sent() -> bool:
        return bool(heartbeats)

    await eventually(sent, "a heartbeat was sent", seconds=40)
    assert await board.get("status").get_attribute("data-mode") == "live"
