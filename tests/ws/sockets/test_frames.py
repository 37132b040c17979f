"""Messages as ASGI events."""

from __future__ import annotations

import json

from pixels_core.protocol.binary_codec import decode_bulk_update
from pixels_core.protocol.messages import HeartbeatReply, ModerationPause, PixelBulkUpdate
from pixels_core.stream.retained_window import CatchUp
from pixels_ws.sockets.frames import CatchUpFrames, stream_frame, text_event
from tests.support.builders import SMALL

UPDATE = PixelBulkUpdate(first=3, seq=5, pixels=((1, 0, 7), (2, 1, 8)))


def test_a_message_is_a_text_frame() -> None:
    event = text_event(HeartbeatReply(t=1, server_time=2, seq=3, checksum=4, online=5))
    assert event["type"] == "websocket.send"
    assert json.loads(event["text"]) == {
        "type": "heartbeat", "t": 1, "serverTime": 2, "seq": 3, "checksum": 4, "online": 5,
    }  # fmt: skip


def test_a_bulk_update_says_the_same_in_both_encodings() -> None:
    frame = stream_frame(UPDATE, SMALL)
    assert json.loads(frame.json["text"])["pixels"] == [[1, 0, 7], [2, 1, 8]]
    assert decode_bulk_update(frame.binary["bytes"], SMALL) == UPDATE


def test_moderation_is_text_for_everybody() -> None:
    frame = stream_frame(ModerationPause(seq=1, by="mod", reason="", paused=True), SMALL)
    assert frame.binary is frame.json


def test_the_same_catch_up_is_encoded_once() -> None:
    """After a restart everybody asks for the same."""
    frames, catch_up = CatchUpFrames(SMALL), CatchUp(3, 5, {1: 7, 18: 8})
    binary = frames.event(catch_up, binary=True)
    text = frames.event(catch_up, binary=False)
    assert decode_bulk_update(binary["bytes"], SMALL) == UPDATE
    assert json.loads(text["text"])["first"] == 3
    assert frames.event(catch_up, binary=True) is binary
    assert frames.event(catch_up, binary=False) is text
    assert frames.event(CatchUp(3, 5, {1: 7}), binary=True) is not binary
