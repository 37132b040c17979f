"""Several people draw on one canvas."""

from __future__ import annotations

import asyncio

from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.support.server import RunningServer


async def test_two_pages_and_a_script_converge(server: RunningServer, open_board: OpenBoard) -> None:
    """[SYNC-1] [SEQ-1] Strokes, clicks and a script's placements: everybody ends at the same seq and checksum."""
    one, two = await open_board(), await open_board()
    async with PixelsClient(server.url, name="script") as script:
        await asyncio.gather(
            _scribble(one),
            _click_around(two),
            script.draw([(400 + i % 20, 480 + i // 20, 5 + i % 3) for i in range(80)]),
        )
        truth = await one.wait_until_equal(server.url)
        assert await two.wait_until_equal(server.url) == truth
        assert await script.wait_until(lambda: script.seq == truth.seq, 10)
        assert script.checksum == truth.checksum
        assert bytes(script.canvas) == truth.pixels
    for board in (one, two):
        state = await board.state()
        assert state.reloads == 0
        assert board.bitmap_requests == 1


async def _scribble(board: Board) -> None:
    await board.choose(4)
    for row in range(4):
        await board.draw((410, 420 + row), (430, 424 + row), (450, 420 + row), steps=4)


async def _click_around(board: Board) -> None:
    await board.choose(9)
    for i in range(12):
        await board.place(415 + 3 * i, 421 + i % 3)


async def test_what_one_places_the_others_see(server: RunningServer, open_board: OpenBoard) -> None:
    """[SYNC-1] A pixel of a page or of a script shows on every other screen."""
    one, two = await open_board(), await open_board()
    async with PixelsClient(server.url, name="script") as script:
        await one.choose(11)
        await one.place(440, 440)
        await two.wait_until_shown([(440, 440)], 11)
        assert await script.wait_until(lambda: script.shows(440, 440, 11), 10)
        await script.place(441, 440, 12)
        await one.wait_until_shown([(441, 440)], 12)
        await two.wait_until_shown([(441, 440)], 12)
