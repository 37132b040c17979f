"""The browser, its pages, and what they run into."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.bench.place_to_seen import percentile
from tests.e2e.board import Board
from tests.e2e.conftest import ARGUMENTS, BROWSERS

WINDOW: Final = {"width": 1280, "height": 800}


def chromium_path() -> str:
    """Return the system's Chromium; ends the run where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(f"No browser: none of {', '.join(BROWSERS)} is on the PATH. Run .ci/setup browser.")
    return path


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the system's Chromium until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def new_page(browser: Browser, script: str = "") -> AsyncIterator[tuple[Page, CDPSession]]:
    """Open a page of a new profile, with an empty cache and a script that runs before the page's own."""
    context = await browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]  # a ViewportSize is these two
    try:
        if script:
            await context.add_init_script(script)
        page = await context.new_page()
        yield page, await context.new_cdp_session(page)
    finally:
        await context.close()


@asynccontextmanager
async def live_board(browser: Browser, url: str, where: str = "", script: str = "") -> AsyncIterator[Board]:
    """Open the canvas as a new user and wait until it is live."""
    async with new_page(browser, script) as (page, _):
        board = Board(page, url)
        await board.open(where)
        yield board


def p50_p95_max(values: Sequence[float], digits: int = 1) -> str:
    """Return the three figures of a distribution, or a dash where there is nothing."""
    ordered = sorted(values)
    if not ordered:
        return "–"
    return " / ".join(f"{value:.{digits}f}" for value in (*(percentile(ordered, p) for p in (50, 95)), ordered[-1]))
