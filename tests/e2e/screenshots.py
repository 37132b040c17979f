"""`make screenshots`: a picture of every view into tests/output/screenshots, to be looked at by people."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, async_playwright

from pixels_core.canvas.geometry import Rect
from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.build import ensure_client_is_built
from tests.e2e.conftest import ARGUMENTS, BROWSERS, DESKTOP
from tests.e2e.link import link_to
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
from tests.support.pictures import landscape
from tests.support.prepared_canvas import prepare_canvas
from tests.support.repository import ROOT
from tests.support.server import RunningServer, running_server

FOLDER: Final = ROOT / "tests" / "output" / "screenshots"
LOCK: Final = Rect(560, 640, 24, 14)
WIDE: Final = ""
NEAR: Final = "#570,648,20"
NEARER: Final = "#450,450,12"
OTHERS: Final = [(578 + step % 4, 655 + step // 4, 26) for step in range(8)]
FEW: Final = {"user_burst": "12", "user_rate": "0.01"}


class Album:
    """Takes the pictures."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url

    @asynccontextmanager
    async def page(self, look: dict[str, Any], where: str = WIDE, url: str | None = None) -> AsyncIterator[Board]:
        """Open the canvas as a new visitor."""
        context = await self._browser.new_context(**{**DESKTOP, **look})
        context.set_default_timeout(10_000)
        try:
            board = Board(await context.new_page(), url or self._url)
            await board.open(where)
            yield board
        finally:
            await context.close()

    async def broken(self, look: dict[str, Any], name: str) -> None:
        """Take the page that comes up when a component throws."""
        context = await self._browser.new_context(**{**DESKTOP, **look})
        try:
            board = Board(await context.new_page(), self._url)
            await open_broken(board)
            await self.take(board, name)
        finally:
            await context.close()

    async def take(self, board: Board, name: str) -> None:
        """Write one picture."""
        await wait_for_animations(board)
        await board.page.wait_for_timeout(150)
        path = FOLDER / f"{name}.png"
        await board.page.screenshot(path=path)
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        sys.stdout.flush()


async def _visit(album: Album, name: str, look: dict[str, Any]) -> None:
    """Take the first visit, the whole canvas, a place nearby with everything on it, and every dialog."""
    async with album.page(look, WIDE) as board:
        await album.take(board, f"{name}-first-visit")
        await put_the_hint_away(board)
        await album.take(board, f"{name}-whole")
        await board.look_at(570, 648, 20)
        await _hover(board)
        await album.take(board, f"{name}-near")
        await board.page.mouse.move(2, 2)
        await board.page.keyboard.press("ArrowRight")
        await album.take(board, f"{name}-keyboard")
        async for view in opened_views(board):
            await album.take(board, f"{name}-opened-{_file_name(view.name)}")
        if await board.get("palette-side").is_visible():
            await board.get("palette-side").click()
            await album.take(board, f"{name}-palette-on-the-other-side")


async def _hover(board: Board) -> None:
    """Rest on a pixel that somebody placed, until the page says who."""
    await board.page.mouse.move(*await board.point(*OTHERS[1][:2]))
    await board.page.wait_for_timeout(1500)


async def _messages(album: Album, look: dict[str, Any], name: str) -> None:
    async with album.page(look, NEAR) as board:
        await put_the_hint_away(board)
        await board.place(LOCK.x + 3, LOCK.y + 3)
        await board.get("toast").first.wait_for()
        await album.take(board, f"{name}-locked")
    async with album.page(look, NEARER) as board:
        await show_a_toast(board)
        await album.take(board, f"{name}-limit")


async def _offline(album: Album, server: RunningServer, look: dict[str, Any], name: str) -> None:
    async with link_to(server.port) as link, album.page(look, NEAR, link.url) as board:
        await put_the_hint_away(board)
        await link.cut()
        await board.wait_for_mode("offline")
        await album.take(board, f"{name}-offline")


def _file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower()).strip("-")[:40]


async def _take_all(browser: Browser, server: RunningServer) -> None:
    album = Album(browser, server.url)
    async with PixelsClient(server.url, name="Ada") as other:
        await other.draw(OTHERS)
    for name, look in LOOKS.items():
        await _visit(album, name, look)
    for name in ("light", "dark", "phone-light", "forced-dark"):
        await _messages(album, LOOKS[name], name)
        await _offline(album, server, LOOKS[name], name)
    await album.broken(LOOKS["light"], "light-broken")
    await album.broken(LOOKS["phone-dark"], "phone-dark-broken")
    async with album.page(LOOKS["dark"], NEARER) as board:
        with log_that_cannot_be_written(server.data_dir):
            await make_degraded(board)
            await album.take(board, "dark-degraded")


async def _take_empty(browser: Browser, folder: Path) -> None:
    with running_server(folder) as server:
        album = Album(browser, server.url)
        for name in ("light", "phone-dark"):
            async with album.page(LOOKS[name], "") as board:
                await album.take(board, f"{name}-empty")


async def main() -> None:
    """Take all pictures, in place of earlier ones."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    problem = ensure_client_is_built() or (None if path else "There is no Chromium. Run .ci/setup browser.")
    if problem:
        sys.exit(problem)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "picture"
        await prepare_canvas(data, landscape(), locks=[LOCK], lock_reason="Mural of the week")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            with running_server(data, **FEW) as server:
                await _take_all(browser, server)
            await _take_empty(browser, Path(folder) / "empty")
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
