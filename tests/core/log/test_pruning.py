from __future__ import annotations

from pixels_core.canvas.geometry import Size
from pixels_core.log.pruning import covered_by
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.state import CanvasIdentity
from tests.support.builders import IDENTITY, make_state

THREE, FIVE = pack_snapshot(make_state(3)), pack_snapshot(make_state(5))


def test_the_oldest_snapshot_counts() -> None:
    """[LOG-6] So that the older of two is still good for a recovery."""
    assert covered_by([FIVE, THREE], IDENTITY) == 3
    assert covered_by([FIVE], IDENTITY) == 5


def test_nothing_is_covered_without_a_whole_snapshot_of_this_log() -> None:
    """[LOG-6] [LOG-4] A recovery would skip it, too."""
    assert covered_by([], IDENTITY) == 0
    assert covered_by([FIVE, THREE[:-1]], IDENTITY) == 0
    assert covered_by([FIVE], CanvasIdentity("main", "another epoch", Size(16, 12))) == 0
