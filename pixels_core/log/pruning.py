"""What of a log may be forgotten: the one rule that every store follows."""

from __future__ import annotations

from pixels_core.errors import StoreCorrupt
from pixels_core.rules.state import CanvasIdentity

from .snapshot_codec import peek_snapshot


def covered_by(snapshots: list[bytes], identity: CanvasIdentity) -> int:
    """Return the number of the last batch that the oldest kept snapshot makes dispensable; 0 where there is none.

    A damaged snapshot covers nothing: until newer ones have replaced it, the log is all that recovery has.
    """
    if not snapshots:
        return 0
    try:
        found, batch_number = peek_snapshot(snapshots[-1])
    except StoreCorrupt:
        return 0
    return batch_number if found == identity else 0
