"""A data directory with a canvas that has a past, written in a moment before its server starts.

The picture is in a snapshot, as it is long after the batches that drew it were pruned; nobody is named as painter.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.events import Event, EventBatch, NoticePosted, PixelPlaced, RegionLocked
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.state import CanvasState

_WHO = "u_prepared"
_AGE_MS = 86_400_000


async def prepare_canvas(
    data_dir: Path, pixels: bytes, *, locks: Sequence[Rect] = (), lock_reason: str = "", notice: str = ""
) -> None:
    """Write the data directory of a server that is started afterwards.

    Args:
        data_dir: the directory; it must not hold a canvas yet.
        pixels: a colour for every cell, row by row.
        locks: regions to lock.
        lock_reason: what the locks say.
        notice: what the moderators' notice says.
    """
    size = Size()
    batch = EventBatch(1, _events(pixels, locks, lock_reason, notice))
    store = await SqliteStore.open(data_dir, "main", size)
    try:
        await store.append(batch)
        state = CanvasState(store.identity, canvas=Canvas(size, pixels))
        state.apply_batch(batch)
        await store.save_snapshot(batch.number, pack_snapshot(state))
    finally:
        await store.close()


def _events(pixels: bytes, locks: Sequence[Rect], reason: str, notice: str) -> tuple[Event, ...]:
    then = time.time_ns() // 1_000_000 - _AGE_MS
    events: list[Event] = [PixelPlaced(1, then, _WHO, 1, 0, pixels[0])]
    for number, rect in enumerate(locks, 2):
        lock = RegionLock(f"prepared-{number}", rect, _WHO, reason)
        events.append(RegionLocked(seq=number, time=then, user=_WHO, reason=reason, lock=lock))
    if notice:
        events.append(NoticePosted(seq=len(events) + 1, time=then, user=_WHO, reason="", text=notice))
    return tuple(events)
