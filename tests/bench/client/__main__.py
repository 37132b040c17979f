"""`python -m tests.bench.client`: prints what the web client costs, beside its budgets; never fails for a figure."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
from dataclasses import dataclass
from typing import Final

from tests.e2e.build import ensure_client_is_built

from tests.bench.client import (
    first_canvas,
    frames,
    heap,
    input_latency,
    lighthouse,
    sizes,
)
from tests.bench.client.chromium import chromium

ALL: Final = ("sizes", "first-canvas", "frames", "input", "heap")
KNOWN: Final = (*ALL, "lighthouse")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    loads: int
    frame_seconds: float
    clicks: int
    heap_minutes: float


FULL: Final = Effort(loads=5, frame_seconds=20, clicks=40, heap_minutes=10)
QUICK: Final = Effort(loads=3, frame_seconds=5, clicks=10, heap_minutes=0.1)


def main() -> int:
    """Run the chosen measurements."""
    parser = _parser()
    options = parser.parse_args()
    unknown = set(options.what) - set(KNOWN)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(KNOWN)}")
    effort = QUICK if options.quick else FULL
    minutes = effort.heap_minutes if options.heap_minutes is None else options.heap_minutes
    chosen = set(options.what or ALL)
    problem = ensure_client_is_built()
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"{platform.machine()}, {platform.system()}; other load on this machine counts as ours\n")
    if "sizes" in chosen:
        sizes.run()
    asyncio.run(_in_chromium(chosen, effort, minutes))
    return lighthouse.run() if "lighthouse" in chosen else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.client", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"{', '.join(KNOWN)}; without a name all but the last")
    parser.add_argument("--quick", action="store_true", help="a short form of every measurement")
    parser.add_argument("--heap-minutes", type=float, help="how long the heap is watched (10)")
    return parser


async def _in_chromium(chosen: set[str], effort: Effort, heap_minutes: float) -> None:
    if chosen <= {"sizes", "lighthouse"}:
        return
    async with chromium() as browser:
        sys.stdout.write(f"Chromium {browser.version}, drawn by the CPU (no GPU)\n")
        sys.stdout.flush()
        if "first-canvas" in chosen:
            await first_canvas.run(browser, effort.loads)
        if "frames" in chosen:
            await frames.run(browser, effort.frame_seconds)
        if "input" in chosen:
            await input_latency.run(browser, effort.clicks)
        if "heap" in chosen:
            await heap.run(browser, heap_minutes)


if __name__ == "__main__":
    sys.exit(main())
