"""One accepted socket."""

from __future__ import annotations

import asyncio

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.log.sequencer import Answer
from pixels_core.protocol.close_codes import CloseCode
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, PixelAck, PixelBulkUpdate, PixelReject, Role
from pixels_core.rules.commands import Actor, PlacePixel, PostNotice
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_ws.sockets import connection as connection_module
from pixels_ws.sockets.connection import Connection
from pixels_ws.sockets.frames import Frame, stream_frame
from tests.support.builders import SMALL, T0
from tests.ws.fake_socket import FakeSocket, eventually
from tests.ws.world import make_connection

ADA = Actor(user="ada", role=Role.PAINTER)


def update(seq: int) -> PixelBulkUpdate:
    return PixelBulkUpdate(first=seq, seq=seq, pixels=((seq, 0, 1),))


def frame(seq: int) -> Frame:
    return stream_frame(update(seq), SMALL)


def answer(request: int, verdict: Verdict, x: int = 3) -> Answer[object]:
    return Answer(None, PlacePixel(ADA, request, x, 4, 5), verdict)


async def test_frames_go_out_in_order() -> None:
    """[SOCK-7] Several frames of one batch, and the next batch when they are out."""
    socket = FakeSocket()
    connection = make_connection(socket)
    assert connection.offer([frame(1), frame(2)], 0, 2)
    await eventually(lambda: len(socket.wire) == 2)
    assert connection.offer([frame(3)], 2, 3)
    await eventually(lambda: len(socket.wire) == 3)
    assert socket.updates == [update(1), update(2), update(3)]
    assert connection.position == 3


async def test_each_subprotocol_gets_its_encoding() -> None:
    socket = FakeSocket()
    connection = make_connection(socket, subprotocol=SUBPROTOCOL_BINARY)
    connection.offer([frame(1)], 0, 1)
    await eventually(lambda: socket.wire)
    assert "bytes" in socket.wire[0]
    assert socket.updates == [update(1)]


async def test_a_busy_socket_is_skipped_and_caught_up_when_it_took_what_it_had() -> None:
    """[SOCK-5] Nothing is queued for it meanwhile, and it asks for one catch-up only."""
    caught_up: list[Connection] = []
    socket = FakeSocket(stalled=True)
    connection = make_connection(socket, caught_up=caught_up.append)
    assert connection.offer([frame(1)], 0, 1)
    assert not connection.offer([frame(2)], 1, 2)
    assert not connection.offer([frame(3)], 2, 3)
    assert (connection.position, caught_up) == (1, [])
    socket.resume()
    await eventually(lambda: caught_up)
    assert caught_up == [connection]
    assert socket.updates == [update(1)]


async def test_a_socket_elsewhere_in_the_stream_is_caught_up_at_once() -> None:
    """[STR-2] A frame that does not follow is never sent."""
    caught_up: list[Connection] = []
    connection = make_connection(FakeSocket(), caught_up=caught_up.append)
    assert not connection.offer([frame(2)], 1, 2)
    assert caught_up == [connection]


async def test_acks_of_a_batch_are_one_message() -> None:
    """[REQ-1] One id alone, several as a list, each once."""
    socket = FakeSocket()
    connection = make_connection(socket)
    connection.resolve(answer(7, Accepted(3)))
    connection.flush_acks()
    for request in (8, 9):
        connection.resolve(answer(request, Accepted(request - 4)))
    connection.flush_acks()
    connection.flush_acks()
    await eventually(lambda: len(socket.wire) == 2)
    assert socket.of(PixelAck) == [PixelAck(id=7, seq=3), PixelAck(id=(8, 9), seq=5)]


async def test_a_rejection_says_what_stands() -> None:
    """[PLACE-2] The colour and the place, where there is one; how long to wait, for limits."""
    socket = FakeSocket()
    connection = make_connection(socket)
    connection.resolve(answer(1, Refused(ReasonCode.RATE_LIMITED, retry_after_ms=50, color=2)))
    connection.resolve(answer(2, Refused(ReasonCode.OUT_OF_BOUNDS, "Too far."), x=99))
    await eventually(lambda: len(socket.wire) == 2)
    assert socket.rejects == [
        PixelReject(id=1, reason=ReasonCode.RATE_LIMITED, retry_after_ms=50, x=3, y=4, color=2),
        PixelReject(id=2, reason=ReasonCode.OUT_OF_BOUNDS, message="Too far."),
    ]


async def test_sockets_only_place_pixels() -> None:
    connection = make_connection(FakeSocket())
    with pytest.raises(TypeError):
        connection.resolve(Answer(None, PostNotice(actor=ADA, text=""), Accepted(1)))


async def test_the_answers_to_a_full_burst_fit() -> None:
    """[SOCK-4] [REQ-1] Whoever may send 2,000 pixels at once may be told of 2,000 refusals at once."""
    socket = FakeSocket(stalled=True)
    connection = make_connection(socket, burst=2_000)
    for request in range(2_000):
        connection.resolve(answer(request, Refused(ReasonCode.RATE_LIMITED)))
    assert connection.close_reason is None
    socket.resume()
    await eventually(lambda: len(socket.rejects) == 2_000)
    assert [reject.id for reject in socket.rejects] == list(range(2_000))


async def test_a_queue_that_only_grows_closes_the_socket() -> None:
    """[SOCK-5] Memory for one socket is bounded."""
    woken: list[bool] = []
    connection = make_connection(FakeSocket(stalled=True))
    connection.on_closing = lambda: woken.append(True)
    for request in range(2_000):
        connection.reject(ReasonCode.MALFORMED, request=request)
    assert connection.close_reason is ReasonCode.SLOW_CONSUMER
    assert woken == [True]


async def test_a_stall_is_a_send_that_does_not_end() -> None:
    """[SOCK-5] Counted from when it was first seen: a quiet canvas before it does not count, nor does progress."""
    socket = FakeSocket(stalled=True)
    connection = make_connection(socket)
    assert connection.stalled_for(T0 + 60_000) == 0
    connection.reject(ReasonCode.MALFORMED)
    connection.reject(ReasonCode.MALFORMED)
    assert connection.stalled_for(T0 + 90_000) == 0
    assert connection.stalled_for(T0 + 95_000) == 5_000
    socket.take_one()
    await asyncio.sleep(0)
    assert connection.stalled_for(T0 + 96_000) == 0
    socket.resume()
    await eventually(lambda: len(socket.wire) == 2)
    assert connection.stalled_for(T0 + 200_000) == 0


async def test_closing_sends_what_waits_then_the_close_frame() -> None:
    """[SOCK-3] The last rejection arrives before the close frame."""
    socket = FakeSocket()
    connection = make_connection(socket)
    for request in range(5):
        connection.reject(ReasonCode.TOO_LARGE, request=request)
    connection.close(ReasonCode.TOO_LARGE)
    connection.close(ReasonCode.IDLE)
    connection.reject(ReasonCode.MALFORMED)
    await connection.finish()
    assert [reject.id for reject in socket.rejects] == [0, 1, 2, 3, 4]
    assert socket.wire[-1]["type"] == "websocket.close"
    assert socket.close_code == CloseCode.MESSAGE_TOO_BIG


async def test_a_socket_that_takes_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """[SOCK-5] A close frame cannot reach whoever does not read."""
    monkeypatch.setattr(connection_module, "CLOSE_GRACE_S", 0.01)
    cuts: list[bool] = []
    connection = make_connection(FakeSocket(stalled=True), cut=lambda: cuts.append(True))
    connection.reject(ReasonCode.MALFORMED)
    connection.close(ReasonCode.SLOW_CONSUMER)
    await connection.finish()
    assert cuts == [True]


async def test_finishing_without_a_reason_does_nothing() -> None:
    socket = FakeSocket()
    await make_connection(socket).finish()
    assert socket.wire == []


async def test_a_socket_that_is_gone_is_sent_nothing() -> None:
    socket = FakeSocket()
    connection = make_connection(socket)
    connection.abandon()
    connection.resolve(answer(1, Accepted(1)))
    connection.flush_acks()
    await asyncio.sleep(0.01)
    assert socket.wire == []
