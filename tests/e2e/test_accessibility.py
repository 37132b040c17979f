"""axe-core finds nothing, on any view, in any theme."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import CURATED, parse_hex
from tests.e2e.axe import violations
from tests.e2e.board import Board
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import DESKTOP, OpenBoard, OpenContext
from tests.e2e.link import Link
from tests.e2e.views import (
    LOOKS,
    log_that_cannot_be_written,
    make_degraded,
    open_broken,
    opened_views,
    put_the_hint_away,
    show_a_toast,
    wait_for_animations,
)
from tests.e2e.waiting import eventually
from tests.support.pictures import landscape
from tests.support.prepared_canvas import prepare_canvas
from tests.support.server import RunningServer, running_server

BEYOND = """
() => {
  const width = Math.min(innerWidth, screen.width);  // a phone zooms out of a page that is too wide
  return [...document.querySelectorAll('main button, main [role=status], main p')]
    .filter((one) => !one.closest('dialog, .visually-hidden') && one.checkVisibility())
    .filter((one) => { const box = one.getBoundingClientRect(); return box.left < -1 || box.right > width + 1; })
    .map((one) => one.dataset.testid ?? one.getAttribute('aria-label') ?? one.textContent.trim());
}
"""
"""What one would have to scroll sideways for; the page does not scroll."""
FEW = {"user_burst": "5", "user_rate": "0.01"}
SCHEMES = [pytest.param(LOOKS[name], id=name) for name in ("light", "dark")]


@pytest.fixture(scope="module")
def server(built_client: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:  # noqa: ARG001
    """A server that allows a few pixels each, for this module's tests alone."""
    with running_server(tmp_path_factory.mktemp("few"), **FEW) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def locked_server(
    built_client: None,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[RunningServer]:
    """A server with a picture, a locked region and a notice."""
    folder = tmp_path_factory.mktemp("locked")
    await prepare_canvas(
        folder, landscape(), locks=[Rect(440, 440, 30, 20)], lock_reason="Mural", notice="Be kind to the mural."
    )
    with running_server(folder) as server:
        yield server


async def _check(*findings: str) -> None:
    assert not findings, f"axe-core found {len(findings)}:\n" + "\n".join(findings)


async def _audit(board: Board, view: str) -> list[str]:
    await wait_for_animations(board)
    beyond: list[str] = await board.page.evaluate(BEYOND)
    return [*(f"{view}: beyond the window: {one}" for one in beyond), *await violations(board.page, view)]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
async def test_every_view_in_every_look(open_board: OpenBoard, look: dict[str, Any]) -> None:
    """[A11Y] The first visit, the canvas, its messages, and every dialog."""
    board = await open_board("#450,450,8", **look)
    found = await _audit(board, "first visit")
    await put_the_hint_away(board)
    await board.page.keyboard.press("ArrowRight")  # the keyboard's cell is shown
    found += await _audit(board, "canvas")
    seen = []
    async for view in opened_views(board):
        seen.append(view.name)
        found += await _audit(board, view.name)
    found += await _palette_sides(board)
    await show_a_toast(board)
    found += await _audit(board, "message")
    await _check(*found)
    assert "help" in seen


async def _palette_sides(board: Board) -> list[str]:
    """Audit with the palette on the other side, where that can be chosen on the page itself."""
    side, found = board.get("palette-side"), []
    for turn in ("other", "first"):
        if await side.is_visible():
            await side.click()
            found += await _audit(board, f"palette on the {turn} side")
    return found


@pytest.mark.parametrize("look", [*SCHEMES, pytest.param(LOOKS["forced-dark"], id="forced")])
async def test_a_locked_region_and_a_notice(
    locked_server: RunningServer, open_board: OpenBoard, look: dict[str, Any]
) -> None:
    """With the moderators' words on the page, and the message after a refused pixel."""
    board = await open_board("#450,450,8", url=locked_server.url, **look)
    await put_the_hint_away(board)
    await board.get("notice").wait_for()
    found = await _audit(board, "locked region")
    await board.place(450, 450)
    await board.get("toast").first.wait_for()
    found += await _audit(board, "refused")
    await _check(*found)


@pytest.mark.parametrize("look", [*SCHEMES, pytest.param(LOOKS["phone-dark"], id="phone")])
async def test_an_offline_page(
    link: Link, open_board: OpenBoard, complaints: Complaints, look: dict[str, Any]
) -> None:
    """The server is gone: the board is stale and says so."""
    board = await open_board(url=link.url, **look)
    with complaints.outage():
        await link.cut()
        await board.wait_for_mode("offline")
        found = await _audit(board, "offline")
        await board.page.context.close()  # before the end of the outage: it tries to connect for ever
    await _check(*found)


@pytest.mark.parametrize("look", SCHEMES)
async def test_a_page_that_never_saw_the_canvas(
    open_context: OpenContext, server: RunningServer, complaints: Complaints, look: dict[str, Any]
) -> None:
    """The bitmap cannot be fetched: first it loads, then it says that it tries again."""
    context = await open_context(**look)
    board = Board(await context.new_page(), server.url)
    waiting = asyncio.Event()

    async def refuse(route: Any) -> None:
        await waiting.wait()
        await route.abort()

    with complaints.outage():
        await context.route("**/bitmap*", refuse)
        await board.page.goto(server.url)
        curtain = board.get("curtain")
        await curtain.wait_for()
        found = await _audit(board, "loading")
        waiting.set()
        await context.route("**/bitmap*", lambda route: route.abort())
        try_now = curtain.get_by_role("button")

        async def gave_up() -> bool:
            return await try_now.is_visible()

        await eventually(gave_up, "the page offers to try again", 20)
        found += await _audit(board, "unreachable")
        await context.close()
    await _check(*found)


@pytest.mark.slow
@pytest.mark.parametrize("look", SCHEMES)
async def test_a_server_that_cannot_save(server: RunningServer, open_board: OpenBoard, look: dict[str, Any]) -> None:
    """Degraded: painting is off and the page says why."""
    board = await open_board(**look)
    with log_that_cannot_be_written(server.data_dir):
        await make_degraded(board)
        await _check(*await _audit(board, "degraded"))
    await board.wait_for_mode("live", seconds=30)


@pytest.mark.parametrize("look", SCHEMES)
async def test_a_page_that_broke(server: RunningServer, browser: Browser, look: dict[str, Any]) -> None:
    """The error boundary's page; its complaints are wanted."""
    context = await browser.new_context(**{**DESKTOP, **look})
    try:
        board = Board(await context.new_page(), server.url)
        await open_broken(board)
        await _check(*await violations(board.page, "broken"))
    finally:
        await context.close()


@pytest.mark.parametrize("look", ["forced-light", "forced-dark"])
async def test_swatches_keep_their_colours(open_board: OpenBoard, look: str) -> None:
    """[A11Y] Forced colours replace all of the page's but those that are what one chooses from."""
    board = await open_board(**LOOKS[look])
    await put_the_hint_away(board)
    wrong = []
    for slot in (6, 12, 18):
        box = await board.get(f"swatch-{slot}").bounding_box()
        assert box, f"swatch {slot} is not shown"
        at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        if await board.color_on_screen(at) != parse_hex(CURATED[slot].hex):
            wrong.append(CURATED[slot].name)
    assert not wrong, f"one cannot see {wrong}"
