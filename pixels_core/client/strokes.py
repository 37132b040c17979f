"""Placements as the frames that carry them: many pixels of one colour travel as one stroke."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import encode_stroke
from pixels_core.protocol.json_codec import dumps
from pixels_core.protocol.messages import MAX_STROKE_PIXELS, PixelUpdate, StrokeFrame


def frames(updates: Iterable[PixelUpdate], size: Size | None) -> Iterator[str | bytes]:
    """Yield the frames for placements, in order; a run of one colour and consecutive ids shares a stroke.

    Cells outside the canvas have no index, so they, and all while the size is unknown, go as JSON.
    """
    run: list[PixelUpdate] = []
    for update in updates:
        if run and not (len(run) < MAX_STROKE_PIXELS and _continues(run[-1], update)):
            yield from _frame(run, size)
            run = []
        if size is None or not size.contains(update.x, update.y) or not isinstance(update.color, int):
            yield from _frame(run, size)
            run = []
            yield dumps(update)
        else:
            run.append(update)
    yield from _frame(run, size)


def _continues(last: PixelUpdate, update: PixelUpdate) -> bool:
    return update.id == last.id + 1 and update.color == last.color and update.tool is last.tool


def _frame(run: Sequence[PixelUpdate], size: Size | None) -> Iterator[str | bytes]:
    if len(run) == 1:
        yield dumps(run[0])
    elif run and size is not None and isinstance(run[0].color, int):
        stroke = StrokeFrame(
            id=run[0].id,
            color=run[0].color,
            tool=run[0].tool,
            client_timestamp=run[0].client_timestamp or 0,
            cells=tuple(size.cell(update.x, update.y) for update in run),
        )
        yield encode_stroke(stroke)
