"""How long until the canvas is on the screen: cold cache, 10 Mbit/s, 40 ms RTT."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession

from tests.bench.table import show
from tests.support.pictures import noisy_picture, pure_noise
from tests.support.prepared_canvas import prepare_canvas
from tests.support.server import running_server

from tests.bench.client.chromium import new_page

NETWORK: Final = {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
"""10 Mbit/s each way; Chromium adds the latency to every request, and to no WebSocket."""

WATCH: Final = """
window.firstCanvas = new Promise((resolve) => {
  const shown = () => window.pixels && document.querySelector('[data-testid=canvas]')
    && !document.querySelector('[data-testid=curtain]') && window.pixels.stats().frames > 0;
  const look = () => {
    if (!shown()) return requestAnimationFrame(look);
    // One frame later, so that the one in which the board was drawn has reached the compositor.
    requestAnimationFrame(() => resolve(performance.now()));
  };
  requestAnimationFrame(look);
});
"""

RESOURCES: Final = """
async () => {
  const total = await window.firstCanvas;
  await new Promise((resolve) => setTimeout(resolve, 100));  // the paint is on record soon after
  const entry = (part) => performance.getEntriesByType('resource').find((one) => one.name.includes(part));
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return { total, paint: paint?.startTime ?? null, script: entry('/assets/index')?.responseEnd ?? null,
    bitmap: entry('/bitmap')?.responseEnd ?? null, bytes: entry('/bitmap')?.transferSize ?? 0 };
}
"""


async def run(browser: Browser, loads: int) -> None:
    """Measure and print three canvases."""
    rows = []
    for name, pixels in (
        ("empty", b""),
        ("noisy picture", noisy_picture()),
        ("pure noise, 247 colours", pure_noise()),
    ):
        with tempfile.TemporaryDirectory() as folder:
            if pixels:
                await prepare_canvas(Path(folder), pixels)
            with running_server(Path(folder)) as server:
                await _load(browser, server.url)  # the server compresses the bitmap for its first visitor
                rows.append(_row(name, [await _load(browser, server.url) for _ in range(loads)]))
    show(
        f"First canvas on screen, ms (cold cache, 10 Mbit/s, 40 ms RTT, median of {loads})",
        ("canvas", "bitmap KB", "first paint", "script here", "bitmap here", "canvas shown", "slowest", "budget"),
        rows,
    )


async def _load(browser: Browser, url: str) -> dict[str, Any]:
    async with new_page(browser, WATCH) as (page, session):
        await _throttle(session)
        await page.goto(url, wait_until="commit")
        figures: dict[str, Any] = await page.evaluate(RESOURCES)
        return figures


async def _throttle(session: CDPSession) -> None:
    await session.send("Network.enable")
    await session.send("Network.clearBrowserCache")
    await session.send("Network.emulateNetworkConditions", NETWORK)


def _row(name: str, loads: list[dict[str, Any]]) -> tuple[str, ...]:
    def median(key: str) -> str:
        values = [load[key] for load in loads if load[key] is not None]
        return f"{statistics.median(values):.0f}" if values else "–"

    slowest = max(load["total"] for load in loads)
    kilobytes = f"{loads[0]['bytes'] / 1000:.1f}"
    times = (median(key) for key in ("paint", "script", "bitmap", "total"))
    return name, kilobytes, *times, f"{slowest:.0f}", "< 1000"
