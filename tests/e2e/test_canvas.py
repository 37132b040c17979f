"""What one sees of the canvas: crisp cells, grid, tooltip, minimap, and the ways to move over it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pixels_core.canvas.palette import CURATED, parse_hex
from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import truth_of
from tests.e2e.views import put_the_hint_away
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

CORNER = (300, 300)
SIDE = 12


async def _checker(server: RunningServer) -> None:
    """Paint a checkerboard of two colours."""
    x, y = CORNER
    async with PixelsClient(server.url, name="Ada") as script:
        await script.draw([(x + i % SIDE, y + i // SIDE, 6 + (i % SIDE + i // SIDE) % 2) for i in range(SIDE * SIDE)])


async def _colors_between(board: Board, first: tuple[int, int], last: tuple[int, int]) -> set[tuple[int, int, int]]:
    """Return every colour on the screen from the middle of one cell to that of another."""
    (left, top), (right, bottom) = await board.point(*first), await board.point(*last)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    picture = Image.open(io.BytesIO(await board.page.screenshot(clip=clip, scale="device")))  # type: ignore[arg-type]
    found = picture.convert("RGB").getcolors(1 << 24)
    assert found
    return {color for _, color in found}  # type: ignore[misc]


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
async def test_cells_are_crisp(server: RunningServer, open_board: OpenBoard, ratio: float) -> None:
    """At every zoom from 1:1 to the end and on every screen: no colour but those of the cells."""
    await _checker(server)
    board = await open_board("#306,306,8", device_scale_factor=ratio)
    await put_the_hint_away(board)
    if await board.is_pressed("tool-grid"):
        await board.page.keyboard.press("g")
    await board.page.mouse.move(3, 300)
    wanted = {parse_hex(CURATED[slot].hex) for slot in (6, 7)}
    x, y = CORNER
    for zoom in (1, 3.7, 12, 64):
        await board.look_at(306, 306, zoom)
        reach = SIDE - 1 if zoom < 64 else 7
        found = await _colors_between(board, (x + 3, y + 3), (x + reach, y + reach))
        assert found == wanted, f"at {zoom}x: {len(found)} colours"


async def test_the_grid_is_there_from_six(server: RunningServer, open_board: OpenBoard) -> None:
    """And not below, and not when it is switched off."""
    await _checker(server)
    board = await open_board("#306,306,6")
    await put_the_hint_away(board)
    if not await board.is_pressed("tool-grid"):
        await board.page.keyboard.press("g")
    await board.page.mouse.move(3, 300)
    x, y = CORNER
    first, last = (x + 2, y + 2), (x + 9, y + 9)

    async def lines() -> bool:
        return len(await _colors_between(board, first, last)) > 2

    assert await lines()
    await board.look_at(306, 306, 5.5)
    assert not await lines()
    await board.look_at(306, 306, 8)
    assert await lines()
    await board.page.keyboard.press("g")
    assert not await lines()


async def test_the_tooltip_says_who_after_a_rest(server: RunningServer, open_board: OpenBoard) -> None:
    """Coordinates, colour and hex at once; who placed it and when as soon as the server has told."""
    await _checker(server)
    board = await open_board("#306,306,16")
    await board.page.mouse.move(*await board.point(301, 300))
    tooltip = board.get("tooltip")
    await tooltip.wait_for()
    text = await tooltip.inner_text()
    assert all(part in text for part in ("301, 300", CURATED[7].name, CURATED[7].hex))
    await board.get("tooltip-who").filter(has_text="Placed by Ada").wait_for()
    await board.page.mouse.move(*await board.point(290, 290))
    await tooltip.filter(has_text="290, 290").wait_for()


async def test_a_trackpad_pans_and_pinches(open_board: OpenBoard) -> None:
    """Small steps and steps to the side move the view; with the pinch's key held they zoom to the pointer."""
    board = await open_board("#450,450,8")
    await board.page.mouse.move(500, 300)
    await board.page.mouse.wheel(24, 16)

    async def panned() -> bool:
        return await board.view() == (453, 452, 8)

    await eventually(panned, "two fingers on a trackpad pan")
    cell = (440, 440)
    before = await board.point(*cell)
    await board.page.mouse.move(*before)
    await board.page.keyboard.down("Control")
    await board.page.mouse.wheel(0, -12)
    await board.page.keyboard.up("Control")

    async def zoomed() -> bool:
        return (await board.view())[2] > 8.5

    await eventually(zoomed, "a pinch zooms")
    assert await board.point(*cell) == pytest.approx(before, abs=1)


async def test_a_drag_ends_where_it_ends(open_board: OpenBoard) -> None:
    """No inertia: after a fast throw the view stands still."""
    board = await open_board("#450,450,8")
    await board.get("tool-pan").click()
    await board.page.mouse.move(300, 300)
    await board.page.mouse.down()
    await board.page.mouse.move(620, 420, steps=2)
    await board.page.mouse.up()
    first = await board.point(450, 450)
    frames = "new Promise((done) => { let n = 30; const f = () => n-- ? requestAnimationFrame(f) : done(); f(); })"
    await board.page.evaluate(frames)
    assert await board.point(450, 450) == first


@pytest.mark.parametrize("tool", ["brush", "eraser", "eyedropper", "pan"])
async def test_space_and_the_middle_button_pan_in_any_tool(
    server: RunningServer, open_board: OpenBoard, tool: str
) -> None:
    """They move the view, place nothing and choose nothing."""
    before = await truth_of(server.url)
    board = await open_board("#600,600,8")
    await board.get("tool-" + tool).click()
    first = await board.view()
    await board.page.keyboard.down(" ")
    await board.draw((600, 600), (610, 604), steps=4)
    await board.page.keyboard.up(" ")
    second = await board.view()
    assert second != first
    await board.page.mouse.move(500, 300)
    await board.page.mouse.down(button="middle")
    await board.page.mouse.move(420, 380, steps=4)
    await board.page.mouse.up(button="middle")
    assert await board.view() != second
    assert await board.is_pressed("tool-" + tool)
    await board.wait_until_settled()
    assert (await truth_of(server.url)).seq == before.seq


async def test_the_minimap_goes_where_one_points(open_board: OpenBoard) -> None:
    """It is there while not everything is in view."""
    board = await open_board("#450,450,8")
    box = await board.get("minimap").bounding_box()
    assert box
    await board.page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    x, y, zoom = await board.view()
    assert (x, y) == pytest.approx((225, 675), abs=8)
    assert zoom == 8
    await board.get("fit").click()
    await board.get("minimap").wait_for(state="hidden")


async def test_one_to_one_and_z(open_board: OpenBoard) -> None:
    """A pixel a cell; and from everything to close up and back."""
    board = await open_board("#450,450,8")
    await board.get("zoom-actual").click()
    assert await board.view() == (450, 450, 1)
    await board.page.mouse.move(500, 300)
    await board.page.keyboard.press("f")
    whole = await board.view()
    await board.page.keyboard.press("z")
    assert (await board.view())[2] == 16
    await board.page.keyboard.press("z")
    assert await board.view() == whole


async def test_another_screen_gets_its_own_pixels(open_board: OpenBoard) -> None:
    """A window that is dragged to a screen of twice the density is drawn anew, without a touch."""
    board = await open_board()
    session = await board.page.context.new_cdp_session(board.page)
    metrics = {"width": 1280, "height": 800, "deviceScaleFactor": 2, "mobile": False}
    await session.send("Emulation.setDeviceMetricsOverride", metrics)

    async def redrawn() -> bool:
        return bool(await board.get("canvas").evaluate("canvas => canvas.width === 2560 && canvas.height === 1600"))

    await eventually(redrawn, "the canvas has the screen's pixels")
