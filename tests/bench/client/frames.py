"""What a frame costs while others paint: the time spent in drawing it, and the gaps between frames."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession

from tests.bench.crowd import Crowd
from pixels.cluster.cluster import UNLIMITED
from tests.bench.table import show
from tests.support.server import running_server

from tests.bench.client.chromium import live_board, p50_p95_max

PAINTERS: Final = 4

COUNT_GAPS: Final = """
() => {
  const gaps = window.frameGaps = [];
  let before = performance.now();
  const frame = () => { const now = performance.now(); gaps.push(now - before); before = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}
"""

CASES: Final = (
    ("200 px/s, whole canvas", 200, ""),
    ("2,000 px/s, whole canvas", 2_000, ""),
    ("2,000 px/s, 8× zoom", 2_000, "#450,450,8"),
)


@asynccontextmanager
async def open_canvas() -> AsyncIterator[str]:
    """Run a server without limits to speak of; yields its address."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder), **UNLIMITED) as server:
        yield server.url


async def run(browser: Browser, seconds: float) -> None:
    """Measure and print."""
    async with open_canvas() as url:
        idle = await _watch(browser, url, "", None, seconds / 4)
    rows = [_row("nobody paints", idle, 0)]
    for name, rate, where in CASES:
        async with open_canvas() as url:  # the crowd starts at an empty canvas
            crowd = Crowd()
            await crowd.join(url, PAINTERS)
            figures = await _watch(browser, url, where, (crowd, rate), seconds)
            crowd.leave()
        rows.append(_row(name, figures, seconds))
    show(
        f"Frames in {seconds:.0f} s of others' painting, ms",
        ("what", "px/s", "drawing p50", "p95", "gap p50 / p95 / max", "main thread busy", "budget"),
        rows,
    )


async def _watch(
    browser: Browser, url: str, where: str, painting: tuple[Crowd, float] | None, seconds: float
) -> dict[str, Any]:
    async with live_board(browser, url, where) as board:
        session = await board.page.context.new_cdp_session(board.page)
        await session.send("Performance.enable")
        await board.page.evaluate(COUNT_GAPS)
        before, busy = await board.page.evaluate("pixels.stats()"), await _busy(session)
        if painting:
            crowd, rate = painting
            await crowd.draw(rate, seconds)
        else:
            await board.page.wait_for_timeout(seconds * 1000)
        busy = await _busy(session) - busy
        after: dict[str, Any] = await board.page.evaluate("pixels.stats()")
        gaps: list[float] = await board.page.evaluate("frameGaps")
    return {
        **after,
        "rate": (after["cellsReceived"] - before["cellsReceived"]) / seconds,
        "gaps": gaps,
        "busy": busy / seconds,
    }


async def _busy(session: CDPSession) -> float:
    """Return how long the page's main thread was at work so far, in seconds."""
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _row(name: str, figures: dict[str, Any], painted: float) -> tuple[str, ...]:
    drawing = f"{figures['frameMedianMs']:.2f}", f"{figures['frameP95Ms']:.2f}"
    gaps = p50_p95_max(figures["gaps"])
    return name, f"{figures['rate']:.0f}", *drawing, gaps, f"{figures['busy']:.0%}", "p95 < 8" if painted else ""
