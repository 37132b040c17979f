"""What goes into a `SyncClient` besides messages, and what comes out of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Heartbeat, PixelUpdate
from pixels_core.units import Color, Milliseconds, Seq

KEPT_LATENCIES = 100
"""Heartbeat round trips that the statistics remember: 25 minutes."""


@dataclass(frozen=True, slots=True)
class CanvasBitmap:
    """A whole bitmap: the canvas of log `epoch` after change `seq`, row by row."""

    epoch: str
    seq: Seq
    size: Size
    pixels: bytes = field(repr=False)


# ── how a placement ended ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Placed:
    """The pixel is durable and part of the canvas at `seq`."""

    seq: Seq


@dataclass(frozen=True, slots=True)
class Rejected:
    """The server refused and nothing changed; `color` is what stands there, where the server said so."""

    reason: ReasonCode
    message: str | None = None
    retry_after_ms: Milliseconds | None = None
    color: Color | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer for as long as a repeat would have been recognized: whether it was placed, the canvas shows."""


PlacementOutcome = Placed | Rejected | Lost


# ── what the caller has to do ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Let go of the present socket, if any, and open one with these; without `since` where it is None."""

    since: Seq | None
    epoch: str | None


@dataclass(frozen=True, slots=True)
class FetchSnapshot:
    """Fetch the bitmap and hand it to `snapshot`, or call `snapshot_failed`."""


@dataclass(frozen=True, slots=True)
class SendPlacement:
    """Send this on the present socket."""

    update: PixelUpdate


@dataclass(frozen=True, slots=True)
class SendHeartbeat:
    """Send this on the present socket."""

    heartbeat: Heartbeat


@dataclass(frozen=True, slots=True)
class Changed:
    """These cells (x, y, colour) now show another colour than before, pending placements included."""

    cells: tuple[tuple[int, int, Color], ...]


@dataclass(frozen=True, slots=True)
class Reloaded:
    """There is a canvas for the first time, or one of another size: every cell may have changed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The one answer to a placement."""

    id: int
    verdict: PlacementOutcome


Action = Reconnect | FetchSnapshot | SendPlacement | SendHeartbeat | Changed | Reloaded | Answered


@dataclass(slots=True)
class SyncStatistics:
    """What happened on the link since the client was made."""

    frames: int = 0
    """Stream messages that were applied."""
    gaps: int = 0
    """Stream messages that began too late."""
    duplicates: int = 0
    """Stream messages that said nothing new."""
    mismatches: int = 0
    """Times the server had the same seq and another checksum."""
    proofs: int = 0
    """Times the server had the same seq and the same checksum."""
    reloads: int = 0
    """Times a bitmap replaced one that was there."""
    resyncs: int = 0
    """Times the client itself gave up a connection."""
    resends: int = 0
    """Placements sent once more."""
    latencies: deque[Milliseconds] = field(default_factory=lambda: deque(maxlen=KEPT_LATENCIES))
    """Round trips of the newest heartbeats."""
