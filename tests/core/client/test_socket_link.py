from __future__ import annotations

from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from pixels_core.client.socket_link import SocketLink, open_socket, socket_address
from pixels_core.errors import ServerUnreachable
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.binary_codec import encode_bulk_update
from pixels_core.protocol.json_codec import dumps
from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, Heartbeat, HeartbeatReply, PixelBulkUpdate, PixelUpdate
from pixels_core.sync import Reconnect
from pixels.cluster.program import free_port

SIZE = Size(8, 8)
REPLY = HeartbeatReply(t=1, server_time=2, seq=3, checksum=4, online=5)
UPDATE = PixelBulkUpdate(first=1, seq=1, pixels=((1, 1, 2),))


def test_the_address_has_where_to_resume_from() -> None:
    assert socket_address("http://h:1", "main", Reconnect(None, None)) == "ws://h:1/ws?canvas=main"
    assert socket_address("https://h", "a b", Reconnect(7, "e1")) == "wss://h/ws?canvas=a+b&since=7&epoch=e1"


async def test_nobody_there() -> None:
    with pytest.raises(ServerUnreachable):
        await open_socket(f"http://127.0.0.1:{free_port()}", "main", None, Reconnect(None, None))


async def _with_server(handler: Any, received: list[object], *, stop_after: int) -> int | None:
    async with serve(handler, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL_BINARY]) as server:  # type: ignore[list-item]
        port = next(iter(server.sockets)).getsockname()[1]
        socket = await open_socket(f"http://127.0.0.1:{port}", "main", "secret", Reconnect(None, None))
        link: SocketLink

        def receive(message: object) -> None:
            received.append(message)
            if len(received) == stop_after:
                link.drop()

        link = SocketLink(socket, lambda: SIZE, receive)
        link.put(Heartbeat(t=1))
        link.put(PixelUpdate(id=1, x=1, y=1, color=2))
        return await link.run()


async def test_messages_both_ways() -> None:
    heard: list[object] = []

    async def handler(socket: ServerConnection) -> None:
        assert socket.request is not None
        assert socket.request.headers["Authorization"] == "Bearer secret"
        heard.extend([await socket.recv(), await socket.recv()])
        await socket.send('{"type":"future:message"}')
        await socket.send("not JSON")
        await socket.send(dumps(REPLY))
        await socket.send(encode_bulk_update(UPDATE, SIZE))
        await socket.wait_closed()

    received: list[object] = []
    await _with_server(handler, received, stop_after=2)
    assert received == [REPLY, UPDATE], "what is unknown is passed over"
    assert heard == [dumps(Heartbeat(t=1)), dumps(PixelUpdate(id=1, x=1, y=1, color=2))]


async def test_the_close_code_is_returned() -> None:
    async def handler(socket: ServerConnection) -> None:
        await socket.close(1012)

    assert await _with_server(handler, [], stop_after=1) == 1012
