"""Every error and every reason code of Pixels, in one place.

The tree::

    PixelsError                  carries a ReasonCode and a plain sentence
    ├── ClientFault              the request is wrong; repeating it unchanged will not help
    │   ├── ProtocolError        a message that cannot be understood; carries the request id if one was readable
    │   ├── TokenError           a session token that is forged, expired or missing
    │   └── ConfigurationError   a setting, a file or an argument that makes no sense
    ├── PlacementRejected        a bot's pixel was refused; the code says whether trying again can help
    └── ServerFault              the request may be right; we cannot answer it now
        ├── StoreUnavailable     the log cannot be reached or written
        ├── StoreLocked          another server owns the data
        ├── StoreCorrupt         stored bytes are not what was written
        ├── BatchConflict        another writer committed this batch number first (fencing)
        ├── BusUnavailable       the bus between the processes cannot be reached
        ├── ServerUnreachable    a bot or a command gets no connection to a server
        └── PlacementLost        a bot's pixel got no answer in time

The REST tier maps a code to an HTTP status in `pixels_api.http.errors`; the socket tier maps it to a close code in
`pixels_core.protocol.close_codes`. Nothing else translates errors.
"""

from __future__ import annotations

from enum import StrEnum


class ReasonCode(StrEnum):
    """Why something was refused: the same words on the socket, in REST problems and in the logs."""

    RATE_LIMITED = "rate_limited"
    LOCKED = "locked"
    OUT_OF_BOUNDS = "out_of_bounds"
    BAD_COLOR = "bad_color"
    BANNED = "banned"
    PAUSED = "paused"
    READ_ONLY = "read_only"
    UNAVAILABLE = "unavailable"
    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown_type"
    TOO_LARGE = "too_large"
    DUPLICATE = "duplicate"
    UNAUTHORIZED = "unauthorized"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    FOREIGN_ORIGIN = "foreign_origin"
    UNSUPPORTED_PROTOCOL = "unsupported_protocol"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    UNKNOWN_CANVAS = "unknown_canvas"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FLOOD = "flood"
    SLOW_CONSUMER = "slow_consumer"
    IDLE = "idle"
    SHUTTING_DOWN = "shutting_down"
    INTERNAL = "internal"


REASONS: dict[ReasonCode, str] = {
    ReasonCode.RATE_LIMITED: "You are placing faster than the limit allows; wait retryAfterMs.",
    ReasonCode.LOCKED: "This region is locked by a moderator.",
    ReasonCode.OUT_OF_BOUNDS: "The position is outside the canvas.",
    ReasonCode.BAD_COLOR: "The colour is not in the palette.",
    ReasonCode.BANNED: "This user may not place pixels.",
    ReasonCode.PAUSED: "The canvas is paused by a moderator.",
    ReasonCode.READ_ONLY: "This session may watch but not draw.",
    ReasonCode.UNAVAILABLE: "The canvas cannot save changes right now; nothing was placed.",
    ReasonCode.MALFORMED: "The message could not be understood.",
    ReasonCode.UNKNOWN_TYPE: "There is no message of this type.",
    ReasonCode.TOO_LARGE: "The message is larger than allowed.",
    ReasonCode.DUPLICATE: "This id was already used for a different request.",
    ReasonCode.UNAUTHORIZED: "A valid session is required.",
    ReasonCode.EXPIRED: "The session has expired.",
    ReasonCode.FORBIDDEN: "This session's role does not allow that.",
    ReasonCode.FOREIGN_ORIGIN: "Pages of this origin may not connect.",
    ReasonCode.UNSUPPORTED_PROTOCOL: "None of the offered subprotocols is spoken here.",
    ReasonCode.TOO_MANY_CONNECTIONS: "This address has too many open connections.",
    ReasonCode.UNKNOWN_CANVAS: "There is no canvas of this name.",
    ReasonCode.NOT_FOUND: "There is nothing here.",
    ReasonCode.CONFLICT: "Somebody else changed this first.",
    ReasonCode.FLOOD: "Too many messages; the connection is closed.",
    ReasonCode.SLOW_CONSUMER: "The connection does not keep up; it is closed.",
    ReasonCode.IDLE: "Nothing was heard for too long; the connection is closed.",
    ReasonCode.SHUTTING_DOWN: "The server is restarting; reconnect in a moment.",
    ReasonCode.INTERNAL: "Something went wrong on the server.",
}
"""The default sentence of each code; the documentation's table and the web client's messages come from here."""


class PixelsError(Exception):
    """Root of every error raised on purpose; `code` is for machines, `str(error)` for people."""

    code: ReasonCode = ReasonCode.INTERNAL

    def __init__(self, message: str | None = None, code: ReasonCode | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(message or REASONS[self.code])


class ClientFault(PixelsError):
    """The caller's mistake."""

    code = ReasonCode.MALFORMED


class ProtocolError(ClientFault):
    """A message that breaks the protocol; `request_id` is set where one could still be read."""

    def __init__(
        self, message: str | None = None, code: ReasonCode | None = None, request_id: int | None = None
    ) -> None:
        super().__init__(message, code)
        self.request_id = request_id


class TokenError(ClientFault):
    """A session token that cannot be accepted: `unauthorized` or `expired`."""

    code = ReasonCode.UNAUTHORIZED


class ConfigurationError(ClientFault):
    """A setting, file or argument that makes no sense; the sentence says which and what to do."""


class ServerFault(PixelsError):
    """Our trouble, not the caller's."""

    code = ReasonCode.UNAVAILABLE


class StoreUnavailable(ServerFault):
    """The log cannot be read or written now; the outcome of a write in flight is unknown."""


class BusUnavailable(ServerFault):
    """The bus between the processes cannot be reached; nothing committed is lost by that."""


class StoreLocked(ServerFault):
    """Another server holds the data directory."""

    code = ReasonCode.CONFLICT


class StoreCorrupt(ServerFault):
    """Stored bytes fail their checksum or make no sense; nothing was changed."""

    code = ReasonCode.INTERNAL


class BatchConflict(ServerFault):
    """The batch number is taken: another writer was first, and this one must reload."""

    code = ReasonCode.CONFLICT


class ServerUnreachable(ServerFault):
    """There is no connection to the server, or it answers nonsense; `str(error)` says which."""


class PlacementLost(ServerFault):
    """No answer came for as long as the server remembers requests; the canvas shows whether the pixel was placed."""


class PlacementRejected(PixelsError):
    """The server refused a pixel and changed nothing.

    Args:
        code: why.
        message: a sentence; the code's own without it.
        retry_after_ms: when to try again, where that can help.
        color: what stands there, where it is on the canvas.
    """

    def __init__(
        self,
        code: ReasonCode,
        message: str | None = None,
        retry_after_ms: int | None = None,
        color: int | None = None,
    ) -> None:
        super().__init__(message, code)
        self.retry_after_ms = retry_after_ms
        self.color = color
