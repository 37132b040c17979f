"""Every message on the socket, once. Codecs, TypeScript and the documentation's tables are made from this file.

A message is a frozen dataclass; its wire name is the class variable `type`, its fields travel in camelCase. Fields
that are None are left out. Colours are palette slots. All moments are milliseconds since the Unix epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from pixels_core.errors import ReasonCode

PROTOCOL_VERSION: Final = 1
SUBPROTOCOL_JSON: Final = "pixels.v1.json"
SUBPROTOCOL_BINARY: Final = "pixels.v1.bin"
SUBPROTOCOLS: Final = (SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON)

MAX_MESSAGE_BYTES: Final = 4096
"""Largest client message; a JSON placement has about 110 bytes, a full stroke frame under 1,500."""
MAX_STROKE_PIXELS: Final = 256
"""Most pixels in one stroke frame: what a fast hand draws in a second."""
MAX_CATCH_UP_CELLS: Final = 100_000
"""Beyond this many changed cells the compressed bitmap is smaller than the catch-up: the answer is `reload`."""
HEARTBEAT_INTERVAL_MS: Final = 15_000
IDLE_TIMEOUT_MS: Final = 45_000
RETAINED_MS: Final = 600_000
"""How long the stream can be resumed and a request id is remembered: 10 minutes."""


class Mode(StrEnum):
    """What the client should show about the stream."""

    LIVE = "live"
    CATCHING_UP = "catching-up"
    RELOAD = "reload"
    DEGRADED = "degraded"


class Role(StrEnum):
    """What a session may do; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    PAINTER = "painter"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Tool(StrEnum):
    """What the person used; kept for statistics, the rules do not look at it."""

    BRUSH = "brush"
    ERASER = "eraser"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwatchInfo:
    """A curated colour: "#rrggbb" and its name."""

    hex: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsInfo:
    """The placement limits: tokens a second and the size of a full bucket, for each user and each address."""

    rate: float
    burst: int
    address_rate: float
    address_burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockInfo:
    """A locked rectangle."""

    id: str
    x: int
    y: int
    width: int
    height: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class You:
    """Who the server takes this socket for; `tokens` is what the user's bucket held when the message was made."""

    user: str
    name: str | None = None
    role: Role
    tokens: float


# ── client → server ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelUpdate:
    """Ask for one pixel; answered by exactly one `pixel:ack` or `pixel:reject` with the same `id`.

    `id` is chosen by the client, unique for its user within 10 minutes: start at a random number and count up.
    """

    type: ClassVar = "pixel:update"
    id: int
    x: int
    y: int
    color: int | str
    tool: Tool = Tool.BRUSH
    client_timestamp: int | None = None
    stroke: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeStart:
    """A stroke begins; its placements carry the same `stroke` number."""

    type: ClassVar = "pixel:stroke:start"
    stroke: int
    color: int | str
    tool: Tool = Tool.BRUSH


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeEnd:
    """A stroke is complete."""

    type: ClassVar = "pixel:stroke:end"
    stroke: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Sent by the client every 15 s with its own clock `t`; answered by `HeartbeatReply`."""

    type: ClassVar = "heartbeat"
    t: int


# ── server → client ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasStateMessage:
    """The first message, and again whenever one of its fields other than `seq` and `checksum` changes.

    `seq` and `checksum` are the server's head when the message was made. `mode` says what follows: `live` nothing is
    missing; `catching-up` one `pixel:bulk_update` with all after `since` comes next; `reload` fetch the bitmap, the
    stream goes on after `seq`; `degraded` changes cannot be saved, placements are rejected with `unavailable`.
    `epoch` names this log: a `since` of another epoch means nothing.
    """

    type: ClassVar = "canvas:state"
    version: int = PROTOCOL_VERSION
    canvas: str
    epoch: str
    width: int
    height: int
    seq: int
    checksum: int
    mode: Mode
    palette: tuple[SwatchInfo, ...]
    limits: LimitsInfo
    locks: tuple[LockInfo, ...]
    paused: bool
    notice: str | None = None
    you: You


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelBulkUpdate:
    """Changes `first` to `seq`, the last colour of each changed cell as [x, y, color].

    Applying it to a canvas at any seq from `first - 1` to `seq` gives the canvas at `seq`.
    """

    type: ClassVar = "pixel:bulk_update"
    first: int
    seq: int
    pixels: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelAck:
    """The placements with these ids are durable and part of the canvas at `seq`."""

    type: ClassVar = "pixel:ack"
    id: int | tuple[int, ...]
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelReject:
    """The placement was refused and changed nothing; `color` is the colour that stands at (x, y).

    `id` is missing where it could not be read, `x`, `y` and `color` where there is no such cell.
    """

    type: ClassVar = "pixel:reject"
    id: int | None = None
    reason: ReasonCode
    message: str | None = None
    retry_after_ms: int | None = None
    x: int | None = None
    y: int | None = None
    color: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationLock:
    """Nobody places inside this rectangle after `seq`."""

    type: ClassVar = "moderation:lock"
    seq: int
    by: str
    reason: str
    lock: LockInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationUnlock:
    """The lock with this id is gone."""

    type: ClassVar = "moderation:unlock"
    seq: int
    by: str
    reason: str
    lock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationRewind:
    """A rectangle was set back; `pixels` are the cells that changed."""

    type: ClassVar = "moderation:rewind"
    seq: int
    by: str
    reason: str
    x: int
    y: int
    width: int
    height: int
    pixels: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationBan:
    """A user may not place until `until` (0: the ban is lifted; missing: for good)."""

    type: ClassVar = "moderation:ban"
    seq: int
    by: str
    reason: str
    user: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationPalette:
    """The curated colours changed; all 32 of them follow."""

    type: ClassVar = "moderation:palette"
    seq: int
    by: str
    reason: str
    palette: tuple[SwatchInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationLimits:
    """The placement limits changed; buckets start full."""

    type: ClassVar = "moderation:limits"
    seq: int
    by: str
    reason: str
    limits: LimitsInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationPause:
    """The canvas was paused or resumed."""

    type: ClassVar = "moderation:pause"
    seq: int
    by: str
    reason: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationNotice:
    """A notice from the moderators to everybody; an empty text takes it away."""

    type: ClassVar = "moderation:notice"
    seq: int
    by: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatReply:
    """The answer to `heartbeat`: the client's `t`, the server's clock, and its head as `seq` and `checksum`.

    A client whose own seq is equal and whose checksum is not must reload. `online` counts open sockets.
    """

    type: ClassVar = "heartbeat"
    t: int
    server_time: int
    seq: int
    checksum: int
    online: int


ClientMessage = PixelUpdate | StrokeStart | StrokeEnd | Heartbeat
ModerationMessage = (
    ModerationLock
    | ModerationUnlock
    | ModerationRewind
    | ModerationBan
    | ModerationPalette
    | ModerationLimits
    | ModerationPause
    | ModerationNotice
)
StreamMessage = PixelBulkUpdate | ModerationMessage
"""What the log says, in order: each covers the seqs `first..seq`, or just `seq`."""
ServerMessage = CanvasStateMessage | StreamMessage | PixelAck | PixelReject | HeartbeatReply
Message = ClientMessage | ServerMessage

CLIENT_MESSAGES: Final[tuple[type[ClientMessage], ...]] = (PixelUpdate, StrokeStart, StrokeEnd, Heartbeat)
SERVER_MESSAGES: Final[tuple[type[ServerMessage], ...]] = (
    CanvasStateMessage,
    PixelBulkUpdate,
    PixelAck,
    PixelReject,
    ModerationLock,
    ModerationUnlock,
    ModerationRewind,
    ModerationBan,
    ModerationPalette,
    ModerationLimits,
    ModerationPause,
    ModerationNotice,
    HeartbeatReply,
)
SHARED_TYPES: Final[tuple[type, ...]] = (SwatchInfo, LimitsInfo, LockInfo, You)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeFrame:
    """Many placements of one colour in one binary frame: the pixel at position i has the id `id + i`.

    It means the same as one `pixel:update` for each cell, and is answered the same way.
    """

    id: int
    color: int
    tool: Tool = Tool.BRUSH
    stroke: int = 0
    client_timestamp: int = 0
    cells: tuple[int, ...]
