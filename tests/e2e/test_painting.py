"""What the mouse does to the canvas."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pixels_core.canvas.palette import BACKGROUND
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import Cell, truth_of
from tests.support.server import RunningServer


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


async def _click_at(board: Board, at: tuple[float, float]) -> None:
    """Click a point of the screen and take the pointer away, so that its outline covers nothing."""
    await board.page.mouse.click(*at)
    await board.page.mouse.move(640, 100)


@pytest.mark.parametrize("zoom", [3, 8, 24, 64])
async def test_a_click_places_one_pixel_where_the_pointer_is(
    server: RunningServer, open_board: OpenBoard, zoom: int
) -> None:
    """At every zoom: one pixel a click, of the chosen colour, and it is drawn under the pointer."""
    before = await truth_of(server.url)
    board = await open_board(f"#300,200,{zoom}")
    color = await board.choose(5)
    spots = [(701.0, 333.0), (701.0 + 2.6 * zoom, 333.0 + 2.6 * zoom)]  # the second is elsewhere in its cell
    for spot in spots:
        await _click_at(board, spot)
    truth = await board.wait_until_equal(server.url)
    assert list(truth.since(before).values()) == [5, 5]
    assert [await board.color_on_screen(spot) for spot in spots] == [_rgb(color)] * 2


async def test_a_click_hits_its_cell_when_cells_are_smaller_than_the_pointer(
    server: RunningServer, open_board: OpenBoard
) -> None:
    """At zoom 1 and with the whole canvas in view too."""
    before = await truth_of(server.url)
    board = await open_board("#450,450,1")
    await board.choose(6)
    await board.place(333, 222)
    await board.page.keyboard.press("f")
    await board.choose(7)
    await board.place(444, 555)
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(333, 222): 6, (444, 555): 7}


async def test_a_click_hits_its_cell_after_panning_and_wheel_zoom(
    server: RunningServer, open_board: OpenBoard
) -> None:
    """Space and drag, the middle button, the wheel: the pointer still means what is under it."""
    before = await truth_of(server.url)
    board = await open_board("#300,300,8")
    mouse, keyboard = board.page.mouse, board.page.keyboard
    color = await board.choose(8)
    await mouse.move(500, 300)
    await keyboard.down(" ")
    await mouse.down()
    await mouse.move(620, 410, steps=5)
    await mouse.up()
    await keyboard.up(" ")
    await mouse.down(button="middle")
    await mouse.move(597, 431, steps=3)
    await mouse.up(button="middle")
    await mouse.wheel(0, -240)
    assert await board.view() != (300, 300, 8)
    assert (await board.state()).pending == 0, "panning placed something"
    at = (555.0, 444.0)
    await _click_at(board, at)
    truth = await board.wait_until_equal(server.url)
    assert list(truth.since(before).values()) == [8]
    assert await board.color_on_screen(at) == _rgb(color)


async def test_panning_places_nothing(server: RunningServer, open_board: OpenBoard) -> None:
    """The hand tool, the space bar and the middle button only move the view."""
    before = await truth_of(server.url)
    board = await open_board()
    first = await board.view()
    await board.get("tool-pan").click()
    await board.draw((440, 440), (450, 450), (430, 460), steps=6)
    second = await board.view()
    assert second != first
    await board.get("tool-brush").click()
    await board.page.keyboard.down(" ")
    await board.draw((440, 440), (460, 440), steps=6)
    await board.page.keyboard.up(" ")
    assert await board.view() != second
    truth = await board.wait_until_equal(server.url)
    assert truth.seq == before.seq


async def test_a_drag_makes_a_line_without_gaps(server: RunningServer, open_board: OpenBoard) -> None:
    """However far apart the mouse events are, neighbouring cells of the stroke touch."""
    before = await truth_of(server.url)
    board = await open_board()
    await board.choose(3)
    corners: list[Cell] = [(400, 430), (460, 445), (455, 470), (420, 436)]
    await board.draw(*corners)
    truth = await board.wait_until_equal(server.url)
    painted = truth.since(before)
    assert set(painted.values()) == {3}
    assert set(corners) <= set(painted)
    longest = sum(max(abs(ax - bx), abs(ay - by)) for (ax, ay), (bx, by) in pairwise(corners)) + 1
    assert len(painted) <= longest
    for start, end in pairwise(corners):
        assert _connected(start, end, set(painted)), f"there is a gap between {start} and {end}"


def _connected(start: Cell, end: Cell, cells: set[Cell]) -> bool:
    seen, edge = {start}, [start]
    while edge:
        x, y = edge.pop()
        around = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & cells - seen
        seen |= around
        edge.extend(around)
    return end in seen


async def test_the_eraser_sets_the_background(server: RunningServer, open_board: OpenBoard) -> None:
    """A stroke of the eraser leaves background, also on other screens, and nothing else changes."""
    before = await truth_of(server.url)
    board, other = await open_board("#450,600,8"), await open_board("#450,600,8")
    await board.choose(10)
    await board.draw((440, 600), (460, 600))
    await other.wait_until_shown([(440, 600), (460, 600)], 10)
    await board.get("tool-eraser").click()
    await board.draw((445, 600), (455, 600))
    await board.wait_until_equal(server.url)
    truth = await other.wait_until_equal(server.url)
    assert sorted(truth.since(before)) == [(x, 600) for x in range(440, 461) if not 445 <= x <= 455]
    assert truth.color_at(450, 600) == BACKGROUND


async def test_the_eyedropper_takes_a_colour_and_places_nothing(server: RunningServer, open_board: OpenBoard) -> None:
    """Pick what somebody painted, then paint with it."""
    before = await truth_of(server.url)
    board = await open_board("#450,700,8")
    await board.choose(13)
    await board.place(450, 700)
    await board.choose(2)
    await board.wait_until_settled()
    await board.page.keyboard.press("i")
    await board.place(450, 700)
    assert await board.is_pressed("swatch-13")
    assert await board.is_pressed("tool-brush")
    await board.place(452, 700)
    await board.wait_until_settled()
    assert (await truth_of(server.url)).since(before) == {(450, 700): 13, (452, 700): 13}


async def test_a_click_beside_the_canvas_places_nothing(server: RunningServer, open_board: OpenBoard) -> None:
    """A stroke that leaves the canvas paints its part inside."""
    before = await truth_of(server.url)
    board = await open_board("#0,0,16")
    await board.choose(4)
    await board.place(-4, -4)
    await board.draw((2, 3), (-3, 3))
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(x, 3): 4 for x in range(3)}
