"""Every view that the page has and how one gets there, for the accessibility tests and the screenshots.

Dialogs and menus are found by looking: each button that is neither a colour nor a tool is pressed, and what it opens
is a view. So a new dialog is tested without a word here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Locator

from tests.e2e.board import Board
from tests.e2e.fingers import PHONE
from tests.e2e.waiting import eventually

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone-light": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "forced-light": {"forced_colors": "active", "color_scheme": "light"},
    "forced-dark": {"forced_colors": "active", "color_scheme": "dark"},
    "moving": {"reduced_motion": "no-preference"},
    "small-window": {"viewport": {"width": 640, "height": 400}},
}
"""Options of a browser context; 640×400 is a window of 1280×800 zoomed to 200 %."""

OPEN: Final = "dialog[open], [popover]:popover-open, [role=dialog], [role=menu], [role=alertdialog]"
"""What lies over the page."""

MANY: Final = 20
"""More pixels than the servers of these tests allow at once."""

_OPENERS: Final = """
() => {
  const plain = /^(swatch|recent|tool|zoom|fit|one-to-one|canvas)/;
  const visible = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const buttons = [...document.querySelectorAll('button, summary, [role=button]')];
  return buttons.filter((one) => visible(one) && !plain.test(one.dataset.testid ?? '') && !one.disabled)
    .map((one) => {
      const labels = [one.dataset.testid, one.getAttribute('aria-label'), one.textContent.trim()];
      const name = labels.find(Boolean) ?? 'unnamed';
      one.dataset.opener = name;
      return name;
    });
}
"""
_BREAK: Final = """
const create = Document.prototype.createElement;
Document.prototype.createElement = function (name, ...rest) {
  if (name === 'main') throw new Error('Broken on purpose');
  return create.call(this, name, ...rest);
};
"""
"""The page's own elements cannot be made: as if a component had a mistake."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Something that lies over the page."""

    name: str
    """The data-testid of what opened it, else its label."""
    sheet: Locator
    covers: bool
    """Whether it takes the focus; what only unfolds beside its button does not."""


async def opened_views(board: Board) -> AsyncIterator[Opened]:
    """Open one dialog, menu or fold after the other; each is closed when the next one is asked for."""
    for name in await _openers(board):
        await _openers(board)  # React may have made the buttons anew
        opener = board.page.locator(f"[data-opener={_quoted(name)}]").first
        if not await opener.count() or not await opener.is_visible():
            continue
        await opener.focus()
        await board.page.keyboard.press("Enter")
        await board.page.wait_for_timeout(100)
        view = await _what_it_opened(board, name, opener)
        if view is None:
            continue
        yield view
        await board.page.keyboard.press("Escape")
        if not view.covers and await view.sheet.is_visible():
            await opener.press("Enter")
        await view.sheet.wait_for(state="hidden")


async def _what_it_opened(board: Board, name: str, opener: Locator) -> Opened | None:
    over = board.page.locator(OPEN).first
    if await over.count() and await over.is_visible():
        return Opened(name, over, covers=True)
    if not await opener.count() or await opener.get_attribute("aria-expanded") != "true":
        return None
    beside = board.page.locator(f"[id={_quoted(await opener.get_attribute('aria-controls') or '')}]")
    return Opened(name, beside, covers=False) if await beside.count() else None


async def _openers(board: Board) -> list[str]:
    names: list[str] = await board.page.evaluate(_OPENERS)
    return list(dict.fromkeys(name for name in names if name not in {"Reload", "Dismiss"}))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def put_the_hint_away(board: Board) -> None:
    """Say "Got it", where the first visit's hint is shown."""
    hint = board.get("hint")
    if await hint.is_visible():
        await hint.get_by_role("button").first.click()
        await hint.wait_for(state="hidden")


async def show_a_toast(board: Board) -> Locator:
    """Place more pixels than the server allows at once, which are only a few, with the keyboard."""
    toast = board.toast("limit").or_(board.toast("rate_limited"))
    for _ in range(MANY):
        await board.page.keyboard.press("ArrowRight")
        await board.page.keyboard.press("Enter")
        if await toast.count():
            break
    await toast.first.wait_for()
    return toast.first


async def open_broken(board: Board) -> None:
    """Load a page in which React fails."""
    await board.page.add_init_script(_BREAK)
    await board.page.goto(board.url)
    await board.page.get_by_role("alert").wait_for()


@contextmanager
def log_that_cannot_be_written(data_dir: Path) -> Iterator[None]:
    """Hold the write lock of a server's database in this block, as a backup that hangs would."""
    path = next(path for path in data_dir.iterdir() if path.read_bytes()[:15] == b"SQLite format 3")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def make_degraded(board: Board) -> None:
    """Place a pixel that the server cannot save; the log must not be writable."""
    await board.page.keyboard.press("ArrowRight")
    await board.page.keyboard.press("Enter")
    await board.wait_for_mode("degraded", seconds=20)


async def wait_for_animations(board: Board) -> None:
    """Wait until nothing on the page moves any more, but for what moves for ever."""

    async def still() -> bool:
        return bool(
            await board.page.evaluate(
                "() => document.getAnimations().every((one) => one.playState !== 'running'"
                " || one.effect.getComputedTiming().endTime === Infinity)"
            )
        )

    await eventually(still, "nothing moves")
    await board.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
