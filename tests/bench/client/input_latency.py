"""From pressing the button to the pixel in the canvas element: it must be there in the next frame."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser

from tests.bench.table import show
from tests.e2e.board import Board
from tests.support.server import running_server

from tests.bench.client.chromium import live_board, p50_p95_max

PROBE: Final = """
() => {
  const canvas = document.querySelector('[data-testid=canvas]');
  const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const colorAt = (x, y) => {  // as it is in the canvas element, whatever drew it
    const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
    probe.clearRect(0, 0, 1, 1);
    probe.drawImage(canvas, (x - box.left) * ratio, (y - box.top) * ratio, 1, 1, 0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((level) => level.toString(16).padStart(2, '0')).join('');
  };
  window.clicks = [];
  addEventListener('pointerdown', (event) => {  // after the page's own listeners, so that its frame comes first
    if (event.target !== canvas) return;
    const { clientX, clientY, timeStamp } = event, wanted = window.wantedColor, handled = performance.now();
    let frames = 0;
    const look = () => {
      frames += 1;
      if (colorAt(clientX, clientY) === wanted || frames > 120)
        window.clicks.push({ frames, ms: performance.now() - timeStamp, handling: handled - timeStamp });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
"""


async def run(browser: Browser, clicks: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        async with live_board(browser, server.url, "#450,450,8") as board:
            found = await _click(board, clicks)
    frames = [one["frames"] for one in found]
    next_frame = sum(count == 1 for count in frames)
    rows = [
        ("in the next frame", f"{next_frame} of {len(frames)}", "all"),
        ("frames until it shows, most", f"{max(frames)}", "1"),
        ("ms until it is drawn, p50 / p95 / max", p50_p95_max([one["ms"] for one in found]), ""),
        ("of it handling the event, p50 / p95 / max", p50_p95_max([one["handling"] for one in found]), ""),
    ]
    show(f"Input to pixel, {clicks} clicks", ("what", "figure", "budget"), rows)


async def _click(board: Board, clicks: int) -> list[dict[str, Any]]:
    await board.page.evaluate(PROBE)
    for number in range(clicks):
        slot = 1 + number % 20
        color = await board.choose(slot)
        await board.page.evaluate("color => { window.wantedColor = color }", color.removeprefix("#"))
        await board.place(420 + number % 60, 440 + number // 60)
        await asyncio.sleep(0.11)  # clicks at all moments of a frame
    found: list[dict[str, Any]] = await board.page.evaluate("clicks")
    return found
