"""Where one looks: the address, zooming, and that the page itself never moves."""

from __future__ import annotations

import pytest

from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer


async def _hash(board: Board) -> str:
    found: str = await board.page.evaluate("location.hash")
    return found


async def test_the_address_carries_the_view(open_board: OpenBoard) -> None:
    """The fragment is honoured when the page opens, follows the view, and survives a reload."""
    board = await open_board("#123,234,12")
    assert await board.view() == (123, 234, 12)
    await board.page.keyboard.press("+")
    await board.get("tool-pan").click()
    await board.draw((123, 234), (133, 240), steps=3)
    moved = await board.view()
    assert moved[:2] == (113, 228)
    assert moved[2] == 18

    async def followed() -> bool:
        return await _hash(board) == f"#{moved[0]},{moved[1]},{moved[2]:g}"

    await eventually(followed, "the address has the view")
    await board.page.reload()
    await board.wait_for_mode("live")
    assert await board.view() == moved


async def test_an_address_edited_by_hand_moves_the_view(open_board: OpenBoard) -> None:
    """A fragment without a zoom has one too."""
    board = await open_board("#10,10,8")
    await board.look_at(700, 650, 4)
    await board.page.evaluate("location.hash = '#20,30'")

    async def moved() -> bool:
        return (await board.view())[:2] == (20, 30)

    await eventually(moved, "the view follows the address")


@pytest.mark.parametrize("fragment", ["", "#", "#nonsense", "#1,2,", "#<script>", "#5;5;5"])
async def test_an_address_without_a_view_shows_the_whole_canvas(open_board: OpenBoard, fragment: str) -> None:
    """Whatever the fragment is, all four corners are on the screen and free of panels."""
    board = await open_board(fragment)
    for corner in ((0, 0), (899, 899)):
        x, y = await board.point(*corner)
        assert 0 < x < 1280
        assert 0 < y < 800


async def test_a_view_beyond_the_canvas_is_brought_back(open_board: OpenBoard) -> None:
    """Some of the canvas is always in the middle, and the zoom has an end."""
    board = await open_board("#99999,-5000,999")
    assert await board.view() == (900, 0, 64)


async def test_the_wheel_zooms_to_the_pointer(open_board: OpenBoard) -> None:
    """The cell under the pointer stays under it, and the page does not scroll."""
    board = await open_board("#450,450,8")
    cell = (470, 460)
    before = await board.point(*cell)
    await board.page.mouse.move(*before)
    for _ in range(3):
        await board.page.mouse.wheel(0, -120)

    async def zoomed() -> bool:
        return (await board.view())[2] > 15

    await eventually(zoomed, "the wheel zoomed in")
    assert await board.point(*cell) == pytest.approx(before, abs=1)
    assert await board.page.evaluate("[scrollX, scrollY, visualViewport.scale]") == [0, 0, 1]


async def test_the_buttons_zoom_and_show_all(open_board: OpenBoard) -> None:
    """In, out, and back to the whole canvas."""
    board = await open_board("#450,450,8")
    await board.get("zoom-in").click()
    assert await board.view() == (450, 450, 12)
    await board.get("zoom-out").click()
    await board.get("zoom-out").click()
    assert (await board.view())[2] == pytest.approx(8 / 1.5, abs=0.01)
    await board.get("fit").click()
    assert (await board.view())[2] < 1
    x, y = await board.point(899, 899)
    assert x < 1280
    assert y < 800


@pytest.mark.parametrize("settings", [{"width": "2000", "height": "600"}])
async def test_a_canvas_of_another_size(own_server: RunningServer, open_board: OpenBoard) -> None:
    """Its far end can be linked to, and all of it is shown at first; the page learns the size with the bitmap."""
    board = await open_board("#1500,300,8", url=own_server.url)
    assert await board.view() == (1500, 300, 8.0)
    whole = await open_board("", url=own_server.url)
    for corner in ((0, 0), (1999, 599)):
        x, y = await whole.point(*corner)
        assert 0 < x < 1280
        assert 0 < y < 800
