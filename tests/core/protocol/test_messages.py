from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest

from pixels_core.protocol import messages
from pixels_core.protocol.messages import (
    CLIENT_MESSAGES,
    SERVER_MESSAGES,
    SHARED_TYPES,
    ClientMessage,
    Heartbeat,
    PixelUpdate,
    ServerMessage,
    Tool,
)
from pixels_core.serialization import wire_fields

ALL = (*CLIENT_MESSAGES, *SERVER_MESSAGES)


def test_the_lists_and_the_unions_agree() -> None:
    assert set(CLIENT_MESSAGES) == set(get_args(ClientMessage))
    assert set(SERVER_MESSAGES) == set(get_args(ServerMessage))


def test_the_types_on_the_wire() -> None:
    assert [kind.type for kind in CLIENT_MESSAGES] == [
        "pixel:update",
        "pixel:stroke:start",
        "pixel:stroke:end",
        "heartbeat",
    ]
    assert [kind.type for kind in SERVER_MESSAGES] == [
        "canvas:state",
        "pixel:bulk_update",
        "pixel:ack",
        "pixel:reject",
        *(
            f"moderation:{what}"
            for what in ("lock", "unlock", "rewind", "ban", "palette", "limits", "pause", "notice")
        ),
        "heartbeat",
    ]


@pytest.mark.parametrize("kind", [*ALL, *SHARED_TYPES], ids=lambda kind: kind.__name__)
def test_every_message_says_what_it_is(kind: type) -> None:
    assert (kind.__doc__ or "").splitlines()[0].endswith((".", ":")) or "." in (kind.__doc__ or "")
    assert "type" not in {field.name for field in fields(kind)}, "`type` is the class's, not a field"
    assert len({wire for _, wire, _, _ in wire_fields(kind)}) == len(fields(kind))


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind.type.startswith("moderation:")], ids=lambda k: k.type)
def test_moderation_says_when_by_whom_and_why(kind: type) -> None:
    assert {"seq", "by", "reason"} <= {field.name for field in fields(kind)}


def test_a_placement_needs_only_id_place_and_colour() -> None:
    update = PixelUpdate(id=1, x=2, y=3, color=4)
    assert (update.tool, update.client_timestamp, update.stroke) == (Tool.BRUSH, None, None)


def test_messages_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Heartbeat(t=1).t = 2  # type: ignore[misc]


def test_the_promised_times() -> None:
    assert messages.HEARTBEAT_INTERVAL_MS == 15_000
    assert messages.IDLE_TIMEOUT_MS == 45_000
    assert messages.RETAINED_MS >= 10 * 60 * 1000


def test_the_compact_subprotocol_is_preferred() -> None:
    assert messages.SUBPROTOCOLS == ("pixels.v1.bin", "pixels.v1.json")
