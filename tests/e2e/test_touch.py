"""A phone: 360 × 640, two fingers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.fingers import PHONE, Fingers
from tests.e2e.truth import truth_of
from tests.support.server import RunningServer


@pytest_asyncio.fixture(loop_scope="session")
async def phone(open_board: OpenBoard) -> AsyncIterator[Board]:
    """The page on a phone; however it is touched, it neither scrolls nor zooms."""
    board = await open_board("#700,150,16", **PHONE)
    await board.get("hint").get_by_role("button").tap()
    yield board
    assert await board.page.evaluate("[scrollX, scrollY, visualViewport.scale]") == [0, 0, 1]
    assert await board.page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_a_tap_places_one_pixel(server: RunningServer, phone: Board) -> None:
    """At the tip of the finger, in the chosen colour."""
    before = await truth_of(server.url)
    await phone.get("swatch-5").tap()
    fingers = await Fingers.on(phone.page)
    await fingers.tap(await phone.point(702, 148))
    truth = await phone.wait_until_equal(server.url)
    assert truth.since(before) == {(702, 148): 5}


async def test_one_finger_draws_a_line_when_cells_are_large(server: RunningServer, phone: Board) -> None:
    """Each cell of the way, without gaps."""
    before = await truth_of(server.url)
    await phone.get("swatch-6").tap()
    fingers = await Fingers.on(phone.page)
    await fingers.drag((await phone.point(695, 150), await phone.point(705, 150)))
    truth = await phone.wait_until_equal(server.url)
    assert sorted(truth.since(before)) == [(x, 150) for x in range(695, 706)]


async def test_one_finger_pans_when_cells_are_tiny(server: RunningServer, phone: Board) -> None:
    """Nobody draws lines twenty cells thick on purpose."""
    before = await truth_of(server.url)
    await phone.look_at(450, 450, 1)
    fingers = await Fingers.on(phone.page)
    await fingers.drag(((180, 300), (240, 350)), steps=20)
    x, y, _ = await phone.view()
    assert (x, y) == pytest.approx((390, 400), abs=12), "the view follows the finger, but for its first steps"
    assert (await truth_of(server.url)).seq == before.seq


async def test_two_fingers_move_and_zoom_and_place_nothing(server: RunningServer, phone: Board) -> None:
    """Apart, together, and side by side; also when the second finger comes a little later."""
    before = await truth_of(server.url)
    view = await phone.view()
    fingers = await Fingers.on(phone.page)
    await fingers.drag(((160, 300), (80, 240)), ((200, 300), (280, 360)))
    zoomed = await phone.view()
    assert zoomed[2] > view[2] * 1.5
    await fingers.drag(((80, 240), (150, 290)), ((280, 360), (210, 310)))
    assert (await phone.view())[2] < zoomed[2]
    await fingers.drag(((150, 300), (190, 340)), ((210, 300), (250, 340)))
    await fingers.put((180, 300))
    await fingers.move((181, 301))
    await fingers.put((181, 301), (220, 340))
    await fingers.move((150, 280), (250, 380))
    await fingers.lift()
    await phone.wait_until_settled()
    assert (await truth_of(server.url)).seq == before.seq


async def test_the_page_is_usable_on_a_phone(phone: Board) -> None:
    """Tools, palette, status and zoom are on the screen, and large enough for a finger."""
    for name in ("status", "tool-brush", "tool-eraser", "zoom-in", "swatch-0", "swatch-31", "help"):
        box = await phone.get(name).bounding_box()
        assert box, name
        assert box["x"] >= 0, name
        assert box["y"] >= 0, name
        assert box["x"] + box["width"] <= 360, name
        assert box["y"] + box["height"] <= 640, name
    for name in ("tool-brush", "swatch-3", "zoom-in"):
        box = await phone.get(name).bounding_box()
        assert box, name
        assert min(box["width"], box["height"]) >= 24, f"{name} is too small for a finger: {box}"


async def test_double_taps_and_swipes_do_not_move_the_page(server: RunningServer, phone: Board) -> None:
    """A double tap is one cell twice; swipes and pinches over a panel neither scroll nor zoom."""
    before = await truth_of(server.url)
    fingers = await Fingers.on(phone.page)
    at = await phone.point(698, 153)
    await phone.get("swatch-9").tap()
    await fingers.tap(at)
    await fingers.tap(at)
    status = await phone.get("status").bounding_box()
    assert status
    x, y = status["x"] + 20, status["y"] + status["height"] / 2
    await fingers.drag(((x, y), (x, y + 200)))
    await fingers.drag(((x, y), (x - 15, y)), ((x + 20, y), (x + 120, y)))
    truth = await phone.wait_until_equal(server.url)
    assert list(truth.since(before)) == [(698, 153)]


async def test_a_tap_on_tiny_cells_is_confirmed(server: RunningServer, phone: Board) -> None:
    """Choose the cell, nudge it, place it: one thumb and no accident."""
    before = await truth_of(server.url)
    await phone.get("swatch-6").tap()
    await phone.look_at(700, 150, 4)
    fingers = await Fingers.on(phone.page)
    await fingers.tap(await phone.point(700, 150))
    bar = phone.get("confirm-bar")
    await bar.wait_for()
    assert "700, 150" in await bar.inner_text()
    assert (await phone.state()).pending == 0, "a tap alone places nothing"
    for name in ("nudge-left", "nudge-up", "nudge-up"):
        await phone.get(name).tap()
    assert "699, 148" in await bar.inner_text()
    for name in ("confirm-place", "confirm-cancel", "nudge-up"):
        box = await phone.get(name).bounding_box()
        assert box, name
        assert min(box["width"], box["height"]) >= 32, f"{name} is too small for a thumb"
        assert box["y"] > 640 / 3, f"{name} is out of the thumb's reach"
    await phone.get("confirm-place").tap()
    await bar.wait_for(state="hidden")
    truth = await phone.wait_until_equal(server.url)
    assert truth.since(before) == {(699, 148): 6}
    await fingers.tap(await phone.point(705, 150))
    await phone.get("confirm-cancel").tap()
    await bar.wait_for(state="hidden")
    assert (await truth_of(server.url)).seq == truth.seq
