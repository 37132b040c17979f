"""One socket's way out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Generator

import pytest

from pixels_ws.sockets.outbound import AsgiEvent, Outbound
from tests.ws.fake_socket import FakeSocket, eventually


class Watched(Outbound):
    """An Outbound that counts what it tells."""

    def __init__(self, socket: FakeSocket, max_queued: int = 10) -> None:
        self.idles = self.overflows = 0
        super().__init__(socket.send, self._count_idle, self._count_overflow, max_queued)

    def _count_idle(self) -> None:
        self.idles += 1

    def _count_overflow(self) -> None:
        self.overflows += 1


def event(number: int) -> AsgiEvent:
    return {"type": "websocket.send", "text": str(number)}


async def test_messages_arrive_in_order_whatever_the_server_does() -> None:
    """[SOCK-7] Two sends in flight could finish in either order, so there is never more than one."""
    socket = FakeSocket()
    out = Watched(socket)
    for number in range(10):
        out.push(event(number))
    await out.drained()
    assert socket.wire == [event(number) for number in range(10)]
    assert socket.most_in_flight == 1
    assert out.idle


async def test_a_push_is_sent_at_once_and_never_waited_for() -> None:
    socket = FakeSocket(stalled=True)
    out = Watched(socket)
    assert out.idle
    out.push(event(1))
    assert socket.most_in_flight == 1
    assert not out.idle


async def test_idle_is_told_once_everything_is_out() -> None:
    socket = FakeSocket(stalled=True)
    out = Watched(socket)
    out.push(event(1))
    out.push(event(2))
    socket.take_one()
    await asyncio.sleep(0)
    assert (out.idles, out.idle) == (0, False)
    socket.take_one()
    await eventually(lambda: out.idles == 1)
    assert out.idle


async def test_the_queue_is_bounded() -> None:
    """[SOCK-5] One message is in flight, ten wait; the next is too many."""
    out = Watched(FakeSocket(stalled=True), max_queued=10)
    for number in range(11):
        out.push(event(number))
    assert out.overflows == 0
    out.push(event(12))
    assert out.overflows == 1


async def test_a_sealed_one_still_sends_what_waits() -> None:
    socket = FakeSocket(stalled=True)
    out = Watched(socket)
    out.push(event(1))
    out.push(event(2))
    out.seal()
    out.push(event(3))
    socket.resume()
    await out.drained()
    assert socket.wire == [event(1), event(2)]
    assert out.idles == 0, "nobody has to be caught up any more"


async def test_an_abandoned_one_forgets_everything() -> None:
    socket = FakeSocket(stalled=True)
    out = Watched(socket)
    out.push(event(1))
    out.push(event(2))
    out.abandon()
    out.push(event(3))
    socket.resume()
    await out.drained()
    assert socket.wire == [event(1)]


async def test_progress_can_be_told_from_standstill() -> None:
    socket = FakeSocket(stalled=True)
    out = Watched(socket)
    out.push(event(1))
    out.push(event(2))
    assert out.started == 1
    socket.take_one()
    await eventually(lambda: out.started == 2)


async def test_a_send_that_is_a_coroutine_is_started_too() -> None:
    """ASGI only promises an awaitable; other servers return coroutines."""
    sent: list[AsgiEvent] = []

    async def send(what: AsgiEvent) -> None:
        sent.append(what)

    out = Outbound(send, lambda: None, pytest.fail)
    out.push(event(1))
    out.push(event(2))
    await out.drained()
    assert sent == [event(1), event(2)]


class _OnlyAwaitable:
    """What Granian returns for a send on a connection that is closed already."""

    def __await__(self) -> Generator[None, None, None]:
        return iter(())  # type: ignore[return-value]


async def test_a_connection_that_the_client_has_just_closed() -> None:
    """[SOCK-5] Whatever the server returns for a send that leads nowhere, nobody else may notice."""
    socket = FakeSocket(stalled=True)
    gone = False

    def send(message: AsgiEvent) -> Awaitable[None]:
        return _OnlyAwaitable() if gone else socket.send(message)

    out = Outbound(send, lambda: None, lambda: None)
    for number in range(4):
        out.push(event(number))
    gone = True
    socket.take_one()
    await asyncio.wait_for(out.drained(), 1)
    out.push(event(5))
    assert out.idle
    assert out.started == 5
