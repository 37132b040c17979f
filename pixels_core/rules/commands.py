"""What people ask the engine for. A command may be refused; an accepted one becomes an event (`events`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import Swatch
from pixels_core.protocol.messages import Role
from pixels_core.units import Color, Milliseconds

from .token_bucket import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks: the user, the role that the session's token grants, and the client address (for its bucket)."""

    user: str
    role: Role
    address: str = ""


@dataclass(frozen=True, slots=True)
class PlacePixel:
    """Place one pixel. `color` is a slot or "#rrggbb"; `request` is the client's id, the key of idempotency."""

    actor: Actor
    request: int
    x: int
    y: int
    color: Color | str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRegion:
    """Lock a rectangle under a new id."""

    actor: Actor
    reason: str = ""
    lock_id: str
    rect: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockRegion:
    """Take a lock away."""

    actor: Actor
    reason: str = ""
    lock_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BanUser:
    """Ban a user until a moment, for good (None) or not any more (0)."""

    actor: Actor
    reason: str = ""
    user: str
    until: Milliseconds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePalette:
    """Replace some curated swatches."""

    actor: Actor
    reason: str = ""
    changes: Mapping[Color, Swatch]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimits:
    """Replace the placement limits."""

    actor: Actor
    reason: str = ""
    per_user: RateLimit
    per_address: RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePause:
    """Pause the canvas or let it go on."""

    actor: Actor
    reason: str = ""
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice:
    """Show a notice to everybody; an empty text takes it away."""

    actor: Actor
    reason: str = ""
    text: str


ModerationCommand = LockRegion | UnlockRegion | BanUser | ChangePalette | ChangeLimits | ChangePause | PostNotice
Command = PlacePixel | ModerationCommand
