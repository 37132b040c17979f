"""The client's side of the stream: how a canvas is kept equal to the server's over a link that fails."""

from .actions import (
    Action,
    Answered,
    Changed,
    FetchSnapshot,
    Lost,
    Placed,
    Reconnect,
    Rejected,
    Reloaded,
    SendHeartbeat,
    SendPlacement,
    Snapshot,
    Statistics,
    Verdict,
)
from .client import Phase, SyncClient

__all__ = [
    "Action",
    "Answered",
    "Changed",
    "FetchSnapshot",
    "Lost",
    "Phase",
    "Placed",
    "Reconnect",
    "Rejected",
    "Reloaded",
    "SendHeartbeat",
    "SendPlacement",
    "Snapshot",
    "Statistics",
    "SyncClient",
    "Verdict",
]
