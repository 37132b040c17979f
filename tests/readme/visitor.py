"""A first visitor: a fresh browser profile that opens the page, clicks once, and sees what became of it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import ARGUMENTS, find_browser

WIDTH, HEIGHT = 1280, 800
SECONDS = 30.0
CELL, ZOOM = (450, 450), 16


def paint_one_pixel(url: str) -> None:
    """Open the page, see that it is live, click on a cell, and see it painted here and on the server."""
    with _fresh_page() as page:
        before = _head(url)
        response = page.goto(f"{url}/#{CELL[0]},{CELL[1]},{ZOOM}")
        assert response is not None
        assert response.status == 200
        page.wait_for_selector('[data-testid="status"][data-mode="live"]', timeout=SECONDS * 1000)
        page.mouse.click(WIDTH / 2, HEIGHT / 2)
        deadline = time.monotonic() + SECONDS
        while _head(url) == before and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        assert _head(url) == before + 1, "one click is one pixel"
        page.mouse.move(5, HEIGHT - 5)
        middle = (WIDTH / 2 - 80, HEIGHT / 2 - 80, WIDTH / 2 + 80, HEIGHT / 2 + 80)
        shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB").crop(middle)
        exported = httpx.get(f"{url}/api/canvas/main/canvas.png").content
        held = Image.open(io.BytesIO(exported)).convert("RGB").crop((445, 445, 456, 456))
        assert len(_colors(held)) == 2, "the server holds one painted cell"
        assert _colors(held) <= _colors(shown), "the page shows what the server holds"


@contextmanager
def _fresh_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
        browser.close()


def _head(url: str) -> int:
    head: int = httpx.get(f"{url}/api/canvas/main").json()["seq"]
    return head


def _colors(picture: Image.Image) -> set[object]:
    return {color for _, color in picture.getcolors(1 << 24) or ()}
