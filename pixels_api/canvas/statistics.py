"""The numbers people like to see."""

from __future__ import annotations

import asyncio

from litestar import get
from litestar.di import NamedDependency
from PIL import Image

from pixels_api.dependencies import CanvasView, Dependencies
from pixels_api.http.errors import problems
from pixels_api.schemas import ColorCount, Painter, StatisticsEntry
from pixels_core.canvas.palette import BACKGROUND, COLOR_COUNT, Palette, format_hex
from pixels_core.errors import ReasonCode

_TOP = 10
_MINUTE_MS = 60_000


@get(
    "/api/canvas/{canvas:str}/statistics",
    summary="Statistics",
    tags=["Canvas"],
    responses=problems(ReasonCode.UNKNOWN_CANVAS, ReasonCode.UNAVAILABLE),
)
async def show_statistics(
    view: NamedDependency[CanvasView], dependencies: NamedDependency[Dependencies]
) -> StatisticsEntry:
    """Return counts over the whole history and the colours of the canvas as it is, the most frequent first."""
    shot = view.bitmaps.snapshot()
    counts = await asyncio.to_thread(count_colors, shot.pixels)
    totals = await view.records.totals(_TOP)
    names = await dependencies.users.names(user for user, _ in totals.top_painters)
    return StatisticsEntry(
        placements=totals.placements,
        painters=totals.painters,
        pixels_per_minute=view.host.placed_since(dependencies.clock.now() - _MINUTE_MS),
        online=view.host.online,
        colored_cells=shot.size.cells - counts[BACKGROUND],
        top_painters=tuple(
            Painter(user=user, name=names.get(user), placements=count) for user, count in totals.top_painters
        ),
        colors=color_counts(counts, shot.palette),
    )


def count_colors(pixels: bytes) -> list[int]:
    """Return how many cells show each slot."""
    # Pillow counts a bitmap in a millisecond, a Counter needs forty.
    return Image.frombytes("L", (len(pixels), 1), pixels).histogram()[:COLOR_COUNT]


def color_counts(counts: list[int], palette: Palette) -> tuple[ColorCount, ...]:
    """Return the colours that are in use, the most frequent first."""
    used = sorted((slot for slot in range(COLOR_COUNT) if counts[slot]), key=lambda slot: (-counts[slot], slot))
    return tuple(
        ColorCount(color=slot, hex=format_hex(palette.colors[slot]), name=palette.name(slot), cells=counts[slot])
        for slot in used
    )
