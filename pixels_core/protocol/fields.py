"""What each field of a message means: its unit, its range, one sentence. A name means the same in every message.

`docs/messages.md` is made from this table and from `messages`. A field that means something else in one message has
an entry of its own, as "PixelReject.color".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixels_core.canvas.geometry import MAX_SIDE
from pixels_core.canvas.palette import COLOR_COUNT
from pixels_core.units import MAX_SAFE_INTEGER


@dataclass(frozen=True, slots=True)
class FieldMeaning:
    """One field: what it says, in which unit, between which values (empty where that is plain from the type)."""

    meaning: str
    unit: str = ""
    range: str = ""


_ID: Final = f"0 to {MAX_SAFE_INTEGER:,}"
_SEQ: Final = f"0 to {MAX_SAFE_INTEGER:,}"
_SIDE: Final = f"0 to {MAX_SIDE - 1:,}"
_LENGTH: Final = f"1 to {MAX_SIDE:,}"
_SLOT: Final = f"0 to {COLOR_COUNT - 1}"

FIELDS: Final[dict[str, FieldMeaning]] = {
    "type": FieldMeaning("Which message this is."),
    "id": FieldMeaning(
        "The client's number of the request, unique for its user within 10 minutes.", "request id", _ID
    ),
    "LockInfo.id": FieldMeaning("The lock's id, unique on the canvas.", "", "1 to 64 characters"),
    "PixelAck.id": FieldMeaning("The request, or the list of requests, that this answers.", "request id", _ID),
    "ids": FieldMeaning("Every request that this answers, where there are several.", "request ids", _ID),
    "seq": FieldMeaning("The last change that the message covers.", "sequence number", _SEQ),
    "CanvasStateMessage.seq": FieldMeaning("The newest change when the message was made.", "sequence number", _SEQ),
    "HeartbeatReply.seq": FieldMeaning("The newest change when the message was made.", "sequence number", _SEQ),
    "seqs": FieldMeaning("The change that each request became, in the order of `id`.", "sequence numbers", _SEQ),
    "first": FieldMeaning("The first change that the message covers.", "sequence number", "1 to `seq`"),
    "x": FieldMeaning("Column, from the left.", "cells", _SIDE),
    "y": FieldMeaning("Row, from the top.", "cells", _SIDE),
    "width": FieldMeaning("Number of columns.", "cells", _LENGTH),
    "height": FieldMeaning("Number of rows.", "cells", _LENGTH),
    "color": FieldMeaning('The colour: a slot, or "#rrggbb" where text is allowed.', "palette slot", _SLOT),
    "PixelReject.color": FieldMeaning("The colour that the cell has.", "palette slot", _SLOT),
    "colors": FieldMeaning("The colour that each cell has, in the order of `ids`.", "palette slots", _SLOT),
    "pixels": FieldMeaning("The changed cells as [x, y, color].", "cells and palette slots"),
    "tool": FieldMeaning("What the person used."),
    "stroke": FieldMeaning("Which stroke of this client the placement belongs to.", "", _ID),
    "client_timestamp": FieldMeaning("The client's clock at the placement.", "ms since the Unix epoch"),
    "t": FieldMeaning("The client's clock when it sent its heartbeat.", "ms since the Unix epoch"),
    "server_time": FieldMeaning("The server's clock.", "ms since the Unix epoch"),
    "until": FieldMeaning("When it ends: missing for good, 0 for not any more.", "ms since the Unix epoch"),
    "retry_after_ms": FieldMeaning("After this long the same request can succeed.", "ms", "at least 0"),
    "reason": FieldMeaning("What the moderator gave as the reason.", "", "up to 200 characters"),
    "PixelReject.reason": FieldMeaning("Why: one of the reason codes below."),
    "message": FieldMeaning("A sentence for people; without it, the reason code's own."),
    "by": FieldMeaning("The user who did it.", "user id"),
    "user": FieldMeaning("The user that it is about.", "user id"),
    "You.user": FieldMeaning("The user that this socket belongs to.", "user id"),
    "name": FieldMeaning("A display name.", "", "1 to 32 characters"),
    "SwatchInfo.name": FieldMeaning("What people call the colour.", "", "1 to 40 characters"),
    "hex": FieldMeaning("The colour.", "", "#rrggbb in lower case"),
    "role": FieldMeaning("What the user may do."),
    "tokens": FieldMeaning("What the user's token bucket held when the message was made.", "pixels", "0 to `burst`"),
    "rate": FieldMeaning("How fast a user's bucket fills.", "pixels a second", "above 0"),
    "burst": FieldMeaning("What a user's full bucket holds.", "pixels", "at least 1"),
    "address_rate": FieldMeaning("How fast the bucket of an address fills.", "pixels a second", "above 0"),
    "address_burst": FieldMeaning("What the full bucket of an address holds.", "pixels", "at least 1"),
    "version": FieldMeaning("The protocol's version."),
    "canvas": FieldMeaning("The canvas's name.", "", "a-z, 0-9 and -, 1 to 32 characters"),
    "epoch": FieldMeaning("Names the log; sequence numbers of another epoch mean nothing here."),
    "checksum": FieldMeaning("The checksum of the canvas at `seq`.", "", "0 to 4,294,967,295"),
    "mode": FieldMeaning("What follows, and whether changes can be saved."),
    "palette": FieldMeaning("The 32 curated colours, by slot."),
    "limits": FieldMeaning("The placement limits in force."),
    "locks": FieldMeaning("The locked rectangles."),
    "lock": FieldMeaning("The locked rectangle."),
    "ModerationUnlock.lock": FieldMeaning("The id of the lock.", "", "1 to 64 characters"),
    "paused": FieldMeaning("Whether a moderator has paused the canvas."),
    "notice": FieldMeaning("The moderators' notice to everybody."),
    "text": FieldMeaning("The moderators' notice; empty: none."),
    "you": FieldMeaning("Who the server takes this socket for."),
    "online": FieldMeaning("Open sockets on all nodes.", "sockets", "at least 0"),
}


def meaning_of(message: type, field: str) -> FieldMeaning:
    """Return what a message's field means; raises KeyError where nobody said."""
    return FIELDS.get(f"{message.__name__}.{field}") or FIELDS[field]
