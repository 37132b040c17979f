"""What a socket sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.protocol.binary_codec import encode_stroke
from pixels_core.protocol.messages import MAX_MESSAGE_BYTES, Heartbeat, PixelReject, StrokeFrame
from pixels_core.rules.commands import PlacePixel
from pixels_core.rules.token_bucket import RateLimit
from pixels_ws.sockets.inbound import STRIKES, Inbound
from tests.support.builders import SMALL, T0
from tests.ws.fake_socket import FakeSocket, eventually
from tests.ws.world import make_connection

GOOD = {"type": "pixel:update", "id": 1, "x": 2, "y": 3, "color": 4, "tool": "brush", "clientTimestamp": 5}


@dataclass
class Bench:
    """An Inbound and everything around it."""

    limit: RateLimit = field(default_factory=lambda: RateLimit(500, 2_000))
    socket: FakeSocket = field(default_factory=FakeSocket)
    placed: list[PlacePixel] = field(default_factory=list)
    beats: list[Heartbeat] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = make_connection(self.socket, burst=2_000)
        self.inbound = Inbound(
            self.connection,
            SMALL,
            self.limit,
            lambda _, command: self.placed.append(command),
            lambda _, beat: self.beats.append(beat),
        )

    def receive(self, message: object, after: int = 0) -> None:
        data = message if isinstance(message, str | bytes) else json.dumps(message)
        self.inbound.receive(data, T0 + after)

    async def rejects(self, count: int) -> list[PixelReject]:
        await eventually(lambda: len(self.socket.rejects) >= count)
        assert len(self.socket.rejects) == count
        return self.socket.rejects


async def test_a_placement_becomes_a_command() -> None:
    bench = Bench()
    bench.receive(GOOD, 10)
    assert bench.placed == [PlacePixel(bench.connection.actor, 1, 2, 3, 4)]
    assert bench.connection.last_heard == T0 + 10


async def test_a_stroke_is_a_placement_for_each_cell() -> None:
    """[WIRE-5] With consecutive ids; cells beyond the canvas are left to the rules."""
    bench = Bench()
    bench.receive(encode_stroke(StrokeFrame(id=7, color=3, cells=(0, 17, SMALL.cells))))
    assert [(command.request, command.x, command.y, command.color) for command in bench.placed] == [
        (7, 0, 0, 3),
        (8, 1, 1, 3),
        (9, 0, SMALL.height, 3),
    ]


async def test_heartbeats_and_marks() -> None:
    bench = Bench()
    bench.receive({"type": "heartbeat", "t": 9})
    bench.receive({"type": "pixel:stroke:start", "stroke": 1, "color": 2, "tool": "brush"})
    bench.receive({"type": "pixel:stroke:end", "stroke": 1})
    assert bench.beats == [Heartbeat(t=9)]
    assert bench.placed == []


@pytest.mark.parametrize(
    ("data", "reason", "request_id"),
    [
        ("", "malformed", None),
        ("{", "malformed", None),
        ("[" * 2000, "malformed", None),
        ("null", "malformed", None),
        ('"pixel:update"', "malformed", None),
        ('{"type": ["pixel:update"]}', "unknown_type", None),
        ('{"type": "canvas:state", "id": 3}', "unknown_type", 3),
        ('{"type": "pixel:update"}', "malformed", None),
        ({**GOOD, "id": -1}, "malformed", None),
        ({**GOOD, "id": True}, "malformed", None),
        ({**GOOD, "id": 2**53}, "malformed", None),
        ({**GOOD, "x": True}, "malformed", 1),
        ({**GOOD, "x": 1.5}, "malformed", 1),
        ({**GOOD, "x": "1"}, "malformed", 1),
        ({**GOOD, "y": 10**30}, "malformed", 1),
        ({**GOOD, "y": float("nan")}, "malformed", None),
        ({**GOOD, "y": float("inf")}, "malformed", None),
        ({**GOOD, "color": None}, "malformed", 1),
        ({**GOOD, "color": False}, "malformed", 1),
        ({**GOOD, "tool": "chainsaw"}, "malformed", 1),
        (b"", "unknown_type", None),
        (b"\x01\x00\x00", "unknown_type", None),
        (b"\x81", "malformed", None),
        (b"\x81\x00\x03\x00", "malformed", None),
        (b"\x81\x09\x03\x00\x00\x00\x01\x00", "malformed", None),
        (b"\x81\x00\x03\x00\x00\x00\x00", "too_large", None),
        (b"\x81\x00\x03\x00\x00\x00\x01\x00\x00", "malformed", None),
        (b"\x81" + b"\xff" * 400, "malformed", None),
    ],
)
async def test_nonsense_is_refused_with_a_reason(data: object, reason: str, request_id: int | None) -> None:
    """[SOCK-3] [WIRE-1] And never gets any further."""
    bench = Bench()
    bench.receive(data)
    (reject,) = await bench.rejects(1)
    assert (reject.reason, reject.id) == (reason, request_id)
    assert bench.placed == []
    assert bench.connection.close_reason is None


@pytest.mark.parametrize("data", ["x" * (MAX_MESSAGE_BYTES + 1), bytes(MAX_MESSAGE_BYTES + 1), "é" * 2_100])
async def test_an_oversized_message_is_the_last(data: str | bytes) -> None:
    """[SOCK-3] Bytes count, not characters."""
    bench = Bench()
    bench.receive(data)
    (reject,) = await bench.rejects(1)
    assert reject.reason == bench.connection.close_reason == ReasonCode.TOO_LARGE


async def test_a_message_of_exactly_the_limit_is_read() -> None:
    bench = Bench()
    text = json.dumps(GOOD)
    bench.receive(text + " " * (MAX_MESSAGE_BYTES - len(text)))
    bench.receive(json.dumps({**GOOD, "later": "é" * 1_900}, ensure_ascii=False))
    assert len(bench.placed) == 2


async def test_too_much_nonsense_closes_the_socket() -> None:
    """[SOCK-3] Twenty at once, and one more every five seconds."""
    bench = Bench()
    for _ in range(STRIKES.burst):
        bench.receive("{")
    bench.receive("{", 5_000)
    assert bench.connection.close_reason is None
    bench.receive("{", 5_001)
    assert bench.connection.close_reason is ReasonCode.MALFORMED


async def test_a_flood_never_gets_through() -> None:
    """[SOCK-4] Every message above the limit is refused under its id; those that go on are closed."""
    bench = Bench(RateLimit(10, 300))
    for request in range(320):
        bench.receive({**GOOD, "id": request})
    assert len(bench.placed) == 300
    rejects = await bench.rejects(20)
    assert {reject.reason for reject in rejects} == {ReasonCode.FLOOD}
    assert [reject.id for reject in rejects] == list(range(300, 320))
    assert bench.connection.close_reason is None
    bench.receive({**GOOD, "id": 320})
    assert bench.connection.close_reason is ReasonCode.FLOOD


async def test_the_budget_comes_back() -> None:
    bench = Bench(RateLimit(10, 300))
    for request in range(301):
        bench.receive({**GOOD, "id": request})
    bench.receive({**GOOD, "id": 999}, 100)
    assert bench.placed[-1].request == 999


async def test_a_stroke_above_the_limit_is_refused_pixel_by_pixel() -> None:
    """[SOCK-4] [REQ-1] A stroke costs as much as its pixels one by one."""
    bench = Bench(RateLimit(10, 300))
    stroke = StrokeFrame(id=0, color=1, cells=tuple(range(160)))
    bench.receive(encode_stroke(stroke))
    bench.receive(encode_stroke(StrokeFrame(id=1_000, color=1, cells=tuple(range(160)))))
    assert len(bench.placed) == 160
    rejects = await bench.rejects(160)
    assert sorted(reject.id or 0 for reject in rejects) == list(range(1_000, 1_160))


async def test_heartbeats_count_too() -> None:
    """[SOCK-4] There is no kind of message that costs nothing."""
    bench = Bench(RateLimit(10, 300))
    for beat in range(400):
        bench.receive({"type": "heartbeat", "t": beat})
    assert len(bench.beats) == 300
    assert bench.connection.close_reason is ReasonCode.FLOOD
