"""The client's side of the stream: how a canvas is kept equal to the server's over a link that fails."""

from .actions import (
    Action,
    Answered,
    CanvasBitmap,
    Changed,
    FetchSnapshot,
    Lost,
    Placed,
    PlacementOutcome,
    Reconnect,
    Rejected,
    Reloaded,
    SendHeartbeat,
    SendPlacement,
    SyncStatistics,
)
from .client import SyncClient, SyncPhase

__all__ = [
    "Action",
    "Answered",
    "CanvasBitmap",
    "Changed",
    "FetchSnapshot",
    "Lost",
    "Placed",
    "PlacementOutcome",
    "Reconnect",
    "Rejected",
    "Reloaded",
    "SendHeartbeat",
    "SendPlacement",
    "SyncClient",
    "SyncPhase",
    "SyncStatistics",
]
