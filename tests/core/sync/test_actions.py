from __future__ import annotations

from pixels_core.canvas.geometry import Size
from pixels_core.sync import CanvasBitmap, SyncStatistics
from pixels_core.sync.actions import KEPT_LATENCIES


def test_latencies_are_bounded() -> None:
    statistics = SyncStatistics()
    statistics.latencies.extend(range(1_000))
    assert len(statistics.latencies) == KEPT_LATENCIES
    assert statistics.latencies[-1] == 999


def test_a_snapshot_prints_without_its_pixels() -> None:
    assert "pixels" not in repr(CanvasBitmap("e1", 3, Size(2, 2), b"\1\2\3\4"))
