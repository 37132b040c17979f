"""The floors of the fan-out benchmark: servers that do nothing but broadcast. Run as `python -m tests.bench.floors`.

Each sends the same frame to every open socket at a fixed rate; what it costs is what any server on it must pay.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from picows import WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server


async def granian(port: int, interval: float, frame: bytes) -> None:
    """A bare broadcast loop on Granian: sends are started, not awaited."""
    sockets: dict[Any, Any] = {}
    event = {"type": "websocket.send", "bytes": frame}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "pixels.v1.bin"})
        sockets[send] = None
        while (await receive())["type"] != "websocket.disconnect":
            pass
        del sockets[send]

    async def broadcast() -> None:
        while True:
            await asyncio.sleep(interval)
            for send, sending in sockets.items():
                if sending is None or sending.done():
                    sockets[send] = send(event)

    server = Server(
        application, port=port, interface=Interfaces.ASGI, http=HTTPModes.http1, backlog=2048, log_enabled=False
    )
    await asyncio.gather(server.serve(), broadcast())


async def picows(port: int, interval: float, frame: bytes) -> None:
    """A bare broadcast loop on picows, the fastest WebSocket server for Python."""
    transports: set[WSTransport] = set()

    class Listener(WSListener):
        def on_ws_connected(self, transport: WSTransport) -> None:
            transports.add(transport)

        def on_ws_disconnected(self, transport: WSTransport) -> None:
            transports.discard(transport)

    def accept(_request: WSUpgradeRequest) -> WSListener:
        return Listener()

    server = await ws_create_server(accept, "127.0.0.1", port)
    async with server:
        while True:
            await asyncio.sleep(interval)
            for transport in transports:
                transport.send(WSMsgType.BINARY, frame)


if __name__ == "__main__":
    kind, port_text, interval_text, frame_hex = sys.argv[1:]
    floor = {"granian": granian, "picows": picows}[kind]
    uvloop.run(floor(int(port_text), float(interval_text), bytes.fromhex(frame_hex)))
