"""A TCP link between browser and server that can be slow, silent or cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_CHUNK = 65_536


class Link:
    """Forwards connections to a port on this machine."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._port = 0
        self._open_ends: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._up_is_free, self._down_is_free = asyncio.Event(), asyncio.Event()
        self.release()

    @property
    def url(self) -> str:
        """The address to give to the browser."""
        return f"http://127.0.0.1:{self._port}"

    async def restore(self) -> None:
        """Accept connections, after the start or after `cut` on the same port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """End every connection and refuse new ones."""
        if self._server:
            self._server.close()
        for pump in self._pumps:
            pump.cancel()  # it may hold something back
        for end in self._open_ends:
            end.transport.abort()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        self._open_ends.clear()
        self.release()

    def hold_requests(self) -> None:
        """Keep everything that the browser says from now on."""
        self._up_is_free.clear()

    def hold_answers(self) -> None:
        """Keep everything that the server says from now on."""
        self._down_is_free.clear()

    def release(self) -> None:
        """Deliver what was kept, in order."""
        self._up_is_free.set()
        self._down_is_free.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ways = (reader, server_writer, self._up_is_free), (server_reader, writer, self._down_is_free)
        for source, sink, gate in ways:
            self._open_ends.add(sink)
            pump = asyncio.create_task(self._pump(source, sink, gate))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await gate.wait()
                sink.write(data)
                await sink.drain()
        self._open_ends.discard(sink)
        sink.close()


@asynccontextmanager
async def link_to(port: int) -> AsyncIterator[Link]:
    """Open a link until the block ends."""
    link = Link(port)
    await link.restore()
    try:
        yield link
    finally:
        await link.cut()
