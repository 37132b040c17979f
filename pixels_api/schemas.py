"""The bodies of requests and answers. Fields travel in camelCase; moments are milliseconds since the Unix epoch."""

from __future__ import annotations

from typing import Literal

import msgspec

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Mode, Role


class Schema(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The base of all of them."""


class Problem(Schema, frozen=True, kw_only=True):
    """An error (RFC 9457): `code` for programs, `detail` for people, `retryAfterMs` for limits."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: ReasonCode
    retry_after_ms: int | msgspec.UnsetType = msgspec.UNSET


class NewSession(Schema, frozen=True, kw_only=True):
    """What a new or renewed session is to be called; without a name the old one stays."""

    name: str | None = None


class SessionInfo(Schema, frozen=True, kw_only=True):
    """Who the server takes you for, and until when."""

    user: str
    name: str | None
    role: Role
    expires_at: int


class SessionWithToken(SessionInfo, frozen=True, kw_only=True):
    """A session and its token: send it as `Authorization: Bearer <token>`; browsers have it in their cookie."""

    token: str


class SwatchEntry(Schema, frozen=True, kw_only=True):
    """A curated colour."""

    hex: str
    name: str


class LimitsEntry(Schema, frozen=True, kw_only=True):
    """The placement limits: tokens a second and the size of a full bucket, for each user and each address."""

    rate: float
    burst: int
    address_rate: float
    address_burst: int


class LockEntry(Schema, frozen=True, kw_only=True):
    """A locked rectangle."""

    id: str
    x: int
    y: int
    width: int
    height: int
    by: str
    reason: str


class CanvasInfo(Schema, frozen=True, kw_only=True):
    """A canvas: size, head (seq and checksum), rules and who is there."""

    canvas: str
    epoch: str
    width: int
    height: int
    seq: int
    checksum: int
    palette: tuple[SwatchEntry, ...]
    limits: LimitsEntry
    locks: tuple[LockEntry, ...]
    paused: bool
    notice: str | None
    mode: Mode
    online: int


class PaletteInfo(Schema, frozen=True, kw_only=True):
    """The colours: `colors[slot]` is what slot 0 to 247 shows; the first 32 are curated and have names."""

    curated: tuple[SwatchEntry, ...]
    colors: tuple[str, ...]


class PlacementEntry(Schema, frozen=True, kw_only=True):
    """One placement in a pixel's history."""

    seq: int
    color: int
    user: str
    user_name: str | None
    time: int


class PixelInfo(Schema, frozen=True, kw_only=True):
    """One pixel: its colour, who placed it last and when, and its placements, the newest first."""

    x: int
    y: int
    color: int
    hex: str
    color_name: str
    user: str | None
    user_name: str | None
    time: int | None
    seq: int | None
    history: tuple[PlacementEntry, ...]


class Painter(Schema, frozen=True, kw_only=True):
    """One of the most active users."""

    user: str
    name: str | None
    placements: int


class ColorCount(Schema, frozen=True, kw_only=True):
    """How many cells show a colour now."""

    color: int
    hex: str
    name: str
    cells: int


class StatisticsEntry(Schema, frozen=True, kw_only=True):
    """Counts over the whole history, and over the canvas as it is."""

    placements: int
    painters: int
    pixels_per_minute: int
    online: int
    colored_cells: int
    top_painters: tuple[Painter, ...]
    colors: tuple[ColorCount, ...]


class Health(Schema, frozen=True, kw_only=True):
    """The process runs, or is ready to serve."""

    status: Literal["ok"] = "ok"
