"""Every size of window: nothing lies on anything else, and the whole canvas is free of panels."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import pytest

from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.fingers import PHONE, Fingers
from tests.e2e.views import put_the_hint_away, show_a_toast, wait_for_animations
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

FEW = {"user_burst": "12", "user_rate": "0.01"}
SIZES: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "phone-on-its-side": {**PHONE, "viewport": {"width": 740, "height": 340}},
    "zoomed-window": {"viewport": {"width": 640, "height": 400}},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "large": {"viewport": {"width": 2560, "height": 1440}},
}
PANELS = ".pill, .panel, .dock, .minimap"
BOXES = """
(selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('dialog'))
  .filter((one) => one.getBoundingClientRect().width > 0)
  .filter((one, _, all) => !all.includes(one.parentElement))
  .map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return [one.dataset.testid || one.getAttribute('aria-label') || one.className, left, top, right, bottom];
  })
"""
CLIPPED = """
() => [...document.querySelectorAll('.meter-text [data-testid=limit], .pill button, .notice span, .toast span')]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const box = one.getBoundingClientRect(), around = one.parentElement.getBoundingClientRect();
    return box.right > around.right + 0.5 || box.bottom > around.bottom + 2 || box.right > innerWidth;
  })
  .map((one) => one.textContent)
"""
"""Texts that do not fit where they are."""


class Box(NamedTuple):
    """Where a panel is on the screen."""

    name: str
    left: float
    top: float
    right: float
    bottom: float

    def lies_on(self, other: Box) -> bool:
        """Say whether they share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 1


@pytest.fixture(params=list(SIZES.values()), ids=list(SIZES))
def size(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The window's size."""
    found: dict[str, Any] = request.param
    return found


@pytest.fixture
def server(own_server: RunningServer) -> RunningServer:
    """A server of the test's own: its limit is low."""
    return own_server


async def _boxes(board: Board) -> list[Box]:
    await wait_for_animations(board)
    return [Box(*one) for one in await board.page.evaluate(BOXES, PANELS)]


async def _overlaps(board: Board) -> list[str]:
    boxes = await _boxes(board)
    assert len(boxes) >= 4
    return [f"{one.name} lies on {other.name}" for one, other in combinations(boxes, 2) if one.lies_on(other)]


async def _covers_the_canvas(board: Board) -> list[str]:
    (left, top), (right, bottom) = await board.point(0, 0), await board.point(899, 899)
    canvas = Box("canvas", left, top, right, bottom)
    return [box.name for box in await _boxes(board) if box.lies_on(canvas)]


async def test_the_whole_canvas_is_free(open_board: OpenBoard, size: dict[str, Any]) -> None:
    """On the first visit with its hint, and after it."""
    board = await open_board("", **size)
    await board.get("hint").wait_for()
    assert not await _covers_the_canvas(board)
    assert not await _overlaps(board)
    await put_the_hint_away(board)
    assert not await _covers_the_canvas(board)
    assert not await _overlaps(board)


async def test_panels_keep_apart(open_board: OpenBoard, size: dict[str, Any]) -> None:
    """Close up, with the details of the status, and with the palette on the other side."""
    board = await open_board("#450,450,16", **size)
    await put_the_hint_away(board)
    assert not await _overlaps(board)
    await board.get("status").click()
    await board.get("status-details").wait_for()
    assert not await _overlaps(board)
    await board.page.keyboard.press("Escape")
    await board.get("settings").click()
    await board.get("setting-side-left").check()
    await board.page.keyboard.press("Escape")
    await board.get("settings-sheet").wait_for(state="hidden")
    assert not await _overlaps(board)
    await board.get("status").click()
    await board.get("status-details").wait_for()
    assert not await _overlaps(board)


@pytest.mark.parametrize("settings", [FEW])
async def test_the_limit_fits(open_board: OpenBoard, size: dict[str, Any]) -> None:
    """A slow limit with its long sentence, and the message."""
    board = await open_board("#450,450,16", **size)
    await put_the_hint_away(board)
    await show_a_toast(board)
    await board.get("limit").filter(has_text="Next pixel in").wait_for()
    clipped = await board.page.evaluate(CLIPPED)
    assert not clipped, f"cut off: {clipped}"
    assert not await _overlaps(board)


@pytest.mark.parametrize("size", [SIZES["phone"], SIZES["phone-on-its-side"]], ids=["upright", "on-its-side"])
async def test_the_confirm_bar_covers_nothing(open_board: OpenBoard, size: dict[str, Any]) -> None:
    """Neither other panels nor the cell that it is about."""
    board = await open_board("#450,450,4", **size)
    await put_the_hint_away(board)
    fingers = await Fingers.on(board.page)
    await fingers.tap(await board.point(450, 450))
    await board.get("confirm-bar").wait_for()
    assert not await _overlaps(board)
    x, y = await board.point(450, 450)
    assert not [box.name for box in await _boxes(board) if box.lies_on(Box("cell", x - 2, y - 2, x + 2, y + 2))]


async def test_a_window_zoomed_to_400_percent(open_board: OpenBoard) -> None:
    """1280 by 1024 becomes 320 by 256: panels keep apart, the cell is seen, and every colour can be reached."""
    board = await open_board("#450,450,16", viewport={"width": 320, "height": 256})
    await board.get("hint").wait_for()
    assert not await _overlaps(board)
    await put_the_hint_away(board)
    assert not await _overlaps(board)
    await board.page.keyboard.press("ArrowRight")
    await board.page.keyboard.press("ArrowRight")
    x, y = await board.point(451, 450)
    assert not [box.name for box in await _boxes(board) if box.lies_on(Box("cell", x - 2, y - 2, x + 2, y + 2))]
    await board.choose(31)
    assert await board.is_pressed("swatch-31")


async def test_nothing_lies_under_a_notch(open_board: OpenBoard) -> None:
    """A phone on its side: panels and canvas stay beside what the device covers."""
    board = await open_board("#450,450,16", **SIZES["phone-on-its-side"])
    session = await board.page.context.new_cdp_session(board.page)
    insets = {"left": 47, "leftMax": 47, "right": 47, "rightMax": 47}
    await session.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})

    async def beside() -> bool:
        boxes = await _boxes(board)
        return all(box.left >= 47 and box.right <= 740 - 47 for box in boxes)

    await eventually(beside, "the panels are beside the notch")
    await put_the_hint_away(board)
    await board.place(455, 450)
    assert (await board.shown([(455, 450)])) != [0]
