"""A whole visit with Tab, arrows and Enter: no pointer, no letters, and the focus is never lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import truth_of
from tests.e2e.views import LOOKS, opened_views, put_the_hint_away
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

MAX_TABS = 120

FOCUS = """
() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const painted = (color) => !/^rgba\\(.*, 0\\)$|^transparent$/.test(color);
  const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && painted(style.outlineColor);
  const covered = !one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
  return { id: one.dataset.testid ?? '', name: one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40),
    tag: one.tagName.toLowerCase(), outline, ring: outline || style.boxShadow !== 'none', covered,
    inside: box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight };
}
"""


@dataclass(frozen=True, slots=True)
class Focus:
    """What has the focus, and what one sees of it."""

    id: str
    name: str
    tag: str
    outline: bool
    ring: bool
    covered: bool
    inside: bool

    def __str__(self) -> str:
        return f"{self.tag} {self.id or self.name!r}"


async def _focus(board: Board) -> Focus:
    return Focus(**await board.page.evaluate(FOCUS))


async def _tab_to(board: Board, test_id: str) -> Focus:
    """Press Tab until an element has the focus."""
    for _ in range(MAX_TABS):
        await board.page.keyboard.press("Tab")
        focus = await _focus(board)
        if focus.id == test_id:
            return focus
    raise AssertionError(f"Tab does not reach {test_id}")


async def test_a_whole_visit(server: RunningServer, open_board: OpenBoard) -> None:
    """[A11Y] Choose a colour, move the cell, place, zoom, open and close help: from the first Tab to the last."""
    before = await truth_of(server.url)
    board = await open_board("#650,150,8")
    keyboard = board.page.keyboard

    await _tab_to(board, "swatch-6")
    await keyboard.press("Enter")
    assert await board.is_pressed("swatch-6")

    await _tab_to(board, "canvas")
    await keyboard.press("ArrowRight")
    await keyboard.press("ArrowRight")
    await keyboard.press("ArrowDown")
    assert "651, 151" in await board.get("readout").inner_text()
    await keyboard.press("Enter")
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(651, 151): 6}

    zoom = (await board.view())[2]
    await _tab_to(board, "zoom-in")
    await keyboard.press("Enter")

    async def zoomed() -> bool:
        return (await board.view())[2] > zoom

    await eventually(zoomed, "Enter on the button zooms in")
    assert (await _focus(board)).id == "zoom-in", "pressing a button does not take the focus away"

    await _tab_to(board, "help")
    await keyboard.press("Enter")
    sheet = board.get("help-sheet")
    await sheet.wait_for(state="visible")
    assert await sheet.evaluate("one => one.contains(document.activeElement)")
    await board.page.get_by_label("Close help").focus()
    await keyboard.press("Enter")
    await sheet.wait_for(state="hidden")
    assert (await _focus(board)).id == "help", "the focus returns to where it was"


@pytest.mark.parametrize("look", ["light", "dark", "forced-dark", "small-window"])
async def test_the_focus_is_seen_everywhere(open_board: OpenBoard, look: str) -> None:
    """[A11Y] Every stop of the Tab key is on the screen, not under something else, and marked by a ring."""
    board = await open_board(**LOOKS[look])
    await put_the_hint_away(board)
    stops: list[Focus] = []
    for _ in range(MAX_TABS):
        await board.page.keyboard.press("Tab")
        focus = await _focus(board)
        if focus.tag == "body":  # between the last and the first stop is the browser's own window
            continue
        if focus in stops:
            break
        stops.append(focus)
    assert {"canvas", "tool-brush", "zoom-in", "help"} <= {stop.id for stop in stops}
    hidden = [str(stop) for stop in stops if not stop.inside or (stop.covered and stop.id != "canvas")]
    unmarked = [str(stop) for stop in stops if not stop.ring]
    assert not hidden, f"the focus is out of sight on {hidden}"
    assert not unmarked, f"nothing shows the focus on {unmarked}"


async def test_dialogs_give_the_focus_back(open_board: OpenBoard) -> None:
    """[A11Y] Whatever a button opens has the focus inside, keeps it there, and returns it when it closes."""
    board = await open_board()
    lost, opened = [], None
    async for view in opened_views(board):
        if opened:
            lost += await _lost(board, opened)
        opened = view.name
        for step in range(30 if view.covers else 0):
            if not await view.sheet.evaluate("one => one.contains(document.activeElement)"):
                outside = await _focus(board)
                if outside.tag != "body":  # that is the browser's own window again
                    lost.append(f"{view.name}: after {step} tabs the focus is on {outside}")
                    break
            await board.page.keyboard.press("Tab")
    assert opened, "nothing opens at all"
    lost += await _lost(board, opened)
    assert not lost, "the focus is lost:\n" + "\n".join(lost)


async def _lost(board: Board, opened: str) -> list[str]:
    focus = await _focus(board)
    return [f"{opened}: after closing it the focus is on nothing"] if focus.tag == "body" else []
