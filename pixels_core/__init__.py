"""Pixels' engine: a shared canvas as a library, and a client for a running one.

The canvas model, batching, rate limiting and region locks need nothing but the standard library::

    from pixels_core import Canvas, Engine, PlacePixel, RegionLocks, TokenBucket

`PixelsClient` and `connect` talk to a server and need the `client` extra. `docs/library.md` and `docs/bots.md` have
examples. A name is imported when it is first used, so `import pixels_core` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .adapters.memory.store import MemoryStore
    from .canvas.canvas import Canvas, checksum_of
    from .canvas.geometry import Rect, Size
    from .canvas.palette import CURATED, Palette, Swatch
    from .client.blocking import BlockingClient, connect
    from .client.changes import Change
    from .client.drawing import DrawReport
    from .client.pixels_client import ClientOptions, PixelsClient
    from .errors import (
        ClientFault,
        ConfigurationError,
        PixelsError,
        PlacementLost,
        PlacementRejected,
        ReasonCode,
        ServerFault,
        ServerUnreachable,
        StoreCorrupt,
        TokenError,
    )
    from .log.batch_codec import pack_batch, unpack_batch
    from .log.batching import BatchWindow, coalesce
    from .log.recovery import recover
    from .log.sequencer import Answer, Sequencer, SequencerPhase, Work
    from .log.snapshot_codec import pack_snapshot, unpack_snapshot
    from .protocol.messages import Role
    from .rules.commands import (
        Actor,
        BanUser,
        ChangeLimits,
        ChangePalette,
        ChangePause,
        Command,
        LockRegion,
        PlacePixel,
        PostNotice,
        UnlockRegion,
    )
    from .rules.effects import Accepted, Effects, Refused, Verdict
    from .rules.engine import Engine
    from .rules.events import Event, EventBatch, PixelPlaced
    from .rules.locks import RegionLock, RegionLocks
    from .rules.state import CanvasIdentity, CanvasState, Limits
    from .rules.token_bucket import RateLimit, TokenBucket
    from .sync import Placed, SyncClient

_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "canvas.canvas": (
        "Canvas",
        "checksum_of",
    ),
    "canvas.geometry": (
        "Rect",
        "Size",
    ),
    "canvas.palette": (
        "CURATED",
        "Palette",
        "Swatch",
    ),
    "client.blocking": (
        "BlockingClient",
        "connect",
    ),
    "client.changes": ("Change",),
    "client.drawing": ("DrawReport",),
    "client.pixels_client": (
        "ClientOptions",
        "PixelsClient",
    ),
    "adapters.memory.store": ("MemoryStore",),
    "errors": (
        "ClientFault",
        "ConfigurationError",
        "PixelsError",
        "PlacementLost",
        "PlacementRejected",
        "ReasonCode",
        "ServerFault",
        "ServerUnreachable",
        "StoreCorrupt",
        "TokenError",
    ),
    "log.batch_codec": (
        "pack_batch",
        "unpack_batch",
    ),
    "log.batching": (
        "BatchWindow",
        "coalesce",
    ),
    "log.recovery": ("recover",),
    "log.sequencer": (
        "Answer",
        "Sequencer",
        "SequencerPhase",
        "Work",
    ),
    "log.snapshot_codec": (
        "pack_snapshot",
        "unpack_snapshot",
    ),
    "protocol.messages": ("Role",),
    "rules.commands": (
        "Actor",
        "BanUser",
        "ChangeLimits",
        "ChangePalette",
        "ChangePause",
        "Command",
        "LockRegion",
        "PlacePixel",
        "PostNotice",
        "UnlockRegion",
    ),
    "rules.effects": (
        "Accepted",
        "Effects",
        "Refused",
        "Verdict",
    ),
    "rules.engine": ("Engine",),
    "rules.events": (
        "Event",
        "EventBatch",
        "PixelPlaced",
    ),
    "rules.locks": (
        "RegionLock",
        "RegionLocks",
    ),
    "rules.state": (
        "CanvasIdentity",
        "CanvasState",
        "Limits",
    ),
    "rules.token_bucket": (
        "RateLimit",
        "TokenBucket",
    ),
    "sync": (
        "Placed",
        "SyncClient",
    ),
}
"""Which module each name of this package comes from."""

_MODULES: Final = {name: module for module, names in _HOMES.items() for name in names}
_CLIENT_PACKAGES: Final = frozenset({"httpx", "orjson", "websockets"})

__all__ = [
    "CURATED",
    "Accepted",
    "Actor",
    "Answer",
    "BanUser",
    "BatchWindow",
    "BlockingClient",
    "Canvas",
    "CanvasIdentity",
    "CanvasState",
    "Change",
    "ChangeLimits",
    "ChangePalette",
    "ChangePause",
    "ClientFault",
    "ClientOptions",
    "Command",
    "ConfigurationError",
    "DrawReport",
    "Effects",
    "Engine",
    "Event",
    "EventBatch",
    "Limits",
    "LockRegion",
    "MemoryStore",
    "Palette",
    "PixelPlaced",
    "PixelsClient",
    "PixelsError",
    "PlacePixel",
    "Placed",
    "PlacementLost",
    "PlacementRejected",
    "PostNotice",
    "RateLimit",
    "ReasonCode",
    "Rect",
    "Refused",
    "RegionLock",
    "RegionLocks",
    "Role",
    "Sequencer",
    "SequencerPhase",
    "ServerFault",
    "ServerUnreachable",
    "Size",
    "StoreCorrupt",
    "Swatch",
    "SyncClient",
    "TokenBucket",
    "TokenError",
    "UnlockRegion",
    "Verdict",
    "Work",
    "checksum_of",
    "coalesce",
    "connect",
    "pack_batch",
    "pack_snapshot",
    "recover",
    "unpack_batch",
    "unpack_snapshot",
]


def __getattr__(name: str) -> Any:
    """Import a name from its module when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    except ModuleNotFoundError as missing:
        if missing.name not in _CLIENT_PACKAGES:
            raise
        raise ImportError(
            f"pixels_core.{name} needs the package {missing.name}: install pixels[client]."
        ) from missing
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the names of the package."""
    return sorted({*globals(), *__all__})
