"""Painting and looking around without a mouse."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import truth_of
from tests.support.server import RunningServer


async def test_tools_have_keys(open_board: OpenBoard) -> None:
    """B, E, I and H choose a tool, G shows and hides the grid, also with the caps lock on."""
    board = await open_board()
    for key, tool in {"e": "eraser", "H": "pan", "i": "eyedropper", "B": "brush"}.items():
        await board.page.keyboard.press(key)
        assert await board.is_pressed(f"tool-{tool}"), key
    before = await board.is_pressed("tool-grid")
    await board.page.keyboard.press("g")
    assert await board.is_pressed("tool-grid") is not before
    await board.page.keyboard.press("g")
    assert await board.is_pressed("tool-grid") is before


async def test_numbers_choose_colours(open_board: OpenBoard) -> None:
    """1 to 9 and 0 are the first ten; the brackets go on from there."""
    board = await open_board()
    for slot in range(10):
        await board.page.keyboard.press(str((slot + 1) % 10))
        assert await board.is_pressed(f"swatch-{slot}")
    await board.page.keyboard.press("]")
    assert await board.is_pressed("swatch-10")
    await board.page.keyboard.press("[")
    await board.page.keyboard.press("[")
    assert await board.is_pressed("swatch-8")


async def test_arrows_and_enter_place_a_pixel(server: RunningServer, open_board: OpenBoard) -> None:
    """The cell starts in the middle, moves by one or with Shift by ten; Enter and Space place."""
    before = await truth_of(server.url)
    board = await open_board("#150,750,8")
    keyboard = board.page.keyboard
    await keyboard.press("5")
    await keyboard.press("ArrowRight")  # the cell appears
    await keyboard.press("Enter")
    await keyboard.press("ArrowRight")
    await keyboard.press("ArrowDown")
    await keyboard.press(" ")
    await keyboard.press("Shift+ArrowLeft")
    await keyboard.press("Enter")
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(150, 750): 4, (151, 751): 4, (141, 751): 4}
    assert "141, 751" in await board.get("readout").inner_text()
    await keyboard.press("Escape")
    await keyboard.press("Enter")
    await board.wait_until_settled()
    assert (await truth_of(server.url)).seq == truth.seq


async def test_the_cell_stays_on_the_screen(open_board: OpenBoard) -> None:
    """Walking beyond the edge moves the view, and the canvas has an end."""
    board = await open_board("#30,450,24")
    for _ in range(6):
        await board.page.keyboard.press("Shift+ArrowLeft")
    x, _ = await board.point(0, 450)
    assert "0, 450" in await board.get("readout").inner_text()
    assert x > 0


async def test_plus_and_minus_zoom(open_board: OpenBoard) -> None:
    """One step in and one step out are nothing; F shows the whole canvas."""
    board = await open_board("#450,450,8")
    await board.page.keyboard.press("+")
    assert (await board.view())[2] == 12
    await board.page.keyboard.press("-")
    assert await board.view() == (450, 450, 8)
    await board.page.keyboard.press("f")
    assert (await board.view())[2] < 1


async def test_the_question_mark_opens_help(open_board: OpenBoard) -> None:
    """? opens it, Escape closes it, and it lists the keys."""
    board = await open_board()
    sheet = board.get("help-sheet")
    await board.page.keyboard.press("?")
    await sheet.wait_for(state="visible")
    assert "Brush" in await sheet.inner_text()
    await board.page.keyboard.press("Escape")
    await sheet.wait_for(state="hidden")
    await board.get("help").click()
    await sheet.wait_for(state="visible")
    await sheet.get_by_label("Close help").click()
    await sheet.wait_for(state="hidden")


async def test_nothing_is_painted_behind_the_help(server: RunningServer, open_board: OpenBoard) -> None:
    """While the sheet covers the canvas, arrows and Enter belong to the sheet."""
    before = await truth_of(server.url)
    board = await open_board("#450,450,8")
    keyboard = board.page.keyboard
    await keyboard.press("ArrowRight")
    await keyboard.press("?")
    sheet = board.get("help-sheet")
    await sheet.wait_for(state="visible")
    await sheet.locator("h2").click()
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")
    await keyboard.press(" ")
    await keyboard.press("Escape")
    await sheet.wait_for(state="hidden")
    await board.wait_until_settled()
    assert (await truth_of(server.url)).seq == before.seq


@pytest.mark.parametrize("element", ["input", "textarea", "select"])
async def test_shortcuts_do_nothing_inside_inputs(server: RunningServer, open_board: OpenBoard, element: str) -> None:
    """Who types into a field neither changes the tool nor paints."""
    before = await truth_of(server.url)
    board = await open_board()
    await board.page.keyboard.press("ArrowRight")
    await board.page.evaluate(
        "name => { const field = document.createElement(name);"
        " document.querySelector('main').append(field); field.focus(); }",
        element,
    )
    tool, color = await board.is_pressed("tool-brush"), await board.is_pressed("swatch-7")
    view = await board.view()
    for key in ("e", "3", "+", "?", "Enter", " ", "ArrowDown"):
        await board.page.keyboard.press(key)
    assert (await board.is_pressed("tool-brush"), await board.is_pressed("swatch-7")) == (tool, color) == (True, True)
    assert await board.view() == view
    assert not await board.get("help-sheet").is_visible()
    if element == "input":
        assert await board.page.locator("main > input").input_value() == "e3+? "
    assert (await truth_of(server.url)).seq == before.seq


async def test_the_browsers_own_keys_are_left_alone(open_board: OpenBoard) -> None:
    """With Control or Alt held a letter is no shortcut."""
    board = await open_board()
    await board.page.keyboard.press("Control+e")
    await board.page.keyboard.press("Alt+h")
    assert await board.is_pressed("tool-brush")


async def test_enter_on_a_button_presses_the_button(server: RunningServer, open_board: OpenBoard) -> None:
    """And paints nothing, although a cell is chosen."""
    before = await truth_of(server.url)
    board = await open_board()
    await board.page.keyboard.press("ArrowRight")
    await board.get("tool-eraser").focus()
    await board.page.keyboard.press("Enter")
    assert await board.is_pressed("tool-eraser")
    await board.get("swatch-3").focus()
    await board.page.keyboard.press(" ")
    assert await board.is_pressed("swatch-3")
    assert (await truth_of(server.url)).seq == before.seq


async def test_shortcuts_can_be_turned_off(server: RunningServer, open_board: OpenBoard) -> None:
    """Single letters and digits do nothing then, after a reload too; arrows and Enter still paint."""
    before = await truth_of(server.url)
    board = await open_board("#160,720,8")
    await board.get("settings").click()
    await board.get("setting-shortcuts").uncheck()
    await board.page.keyboard.press("Escape")
    await board.page.reload()
    await board.wait_for_mode("live")
    view = await board.view()
    for key in ("e", "i", "g", "z", "f", "+", "4", "?"):
        await board.page.keyboard.press(key)
    assert await board.is_pressed("tool-brush")
    assert await board.is_pressed("swatch-7")
    assert await board.view() == view
    assert not await board.get("help-sheet").is_visible()
    await board.page.keyboard.press("ArrowRight")
    await board.page.keyboard.press("Enter")
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(160, 720): 7}
