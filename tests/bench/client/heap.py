"""Whether the page's memory grows while others paint for minutes."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Browser, CDPSession

from tests.bench.crowd import Crowd
from tests.bench.table import show

from tests.bench.client.chromium import live_board
from tests.bench.client.frames import PAINTERS, open_canvas

RATE: Final = 200
WARM_UP_SECONDS: Final = 5
STEP_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Memory:
    """What is alive after a forced collection."""

    heap: float
    """Objects of JavaScript, bytes."""
    buffers: float
    """Array buffers, bytes."""
    nodes: int
    """Nodes of the document, the detached ones too."""

    def row(self, when: str) -> tuple[str, ...]:
        """Return the table row."""
        return when, f"{self.heap / 1000:.0f}", f"{self.buffers / 1000:.0f}", str(self.nodes)


async def run(browser: Browser, minutes: float) -> None:
    """Measure and print."""
    async with open_canvas() as url:
        crowd = Crowd()
        await crowd.join(url, PAINTERS)
        async with live_board(browser, url) as board:
            session = await board.page.context.new_cdp_session(board.page)
            await session.send("HeapProfiler.enable")
            painting = asyncio.create_task(crowd.draw(RATE, WARM_UP_SECONDS + minutes * 60))
            await asyncio.sleep(WARM_UP_SECONDS)
            start = await _memory(session)
            rows = [start.row("at the start")]
            while not painting.done():
                await asyncio.wait([painting], timeout=STEP_SECONDS)
                now = await _memory(session)
                rows.append(now.row(f"at {crowd.pixels // PAINTERS:,} px"))
                sys.stderr.write(f"Memory: {len(rows) - 1} of {minutes:g} min\n")
        crowd.leave()
    grown = Memory(now.heap - start.heap, now.buffers - start.buffers, now.nodes - start.nodes)
    rows.append(grown.row("growth (budget: flat)"))
    title = f"Memory over {minutes:g} min of {RATE} px/s, after a forced collection, KB"
    show(title, ("when", "heap", "array buffers", "nodes"), rows)


async def _memory(session: CDPSession) -> Memory:
    for _ in range(2):  # what the first one's finalisers let go, the second one finds
        await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    counters = await session.send("Memory.getDOMCounters")
    return Memory(usage["usedSize"], usage.get("backingStorageSize", 0), counters["nodes"])
