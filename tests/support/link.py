"""A TCP link between a process and a service, which a test cuts, or stops up in either direction."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
_PIECE = 1 << 16


class Background:
    """An event loop on a thread of its own, so that what runs in it goes on while a test waits."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


@cache
def background() -> Background:
    """Return the one of this process."""
    return Background()


class Link:
    """Carries bytes between a port of its own and a service's.

    Args:
        port: the service's, on this machine.
    """

    def __init__(self, port: int) -> None:
        self._service = port
        self._up: dict[str, asyncio.Event] = {}
        self._lines: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        background().do(self._begin())

    async def _begin(self) -> None:
        self._up = {"out": asyncio.Event(), "back": asyncio.Event()}
        for way in self._up.values():
            way.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop_up(self, *ways: str) -> None:
        """Carry nothing any more, "out" to the service or "back" from it (both without a word), and say nothing.

        What is sent meanwhile arrives after `mend`, as TCP would have it after a partition.
        """
        background().do(self._set(ways or ("out", "back"), up=False))

    def mend(self) -> None:
        """Carry everything again."""
        background().do(self._set(("out", "back"), up=True))

    async def _set(self, ways: tuple[str, ...], *, up: bool) -> None:
        for way in ways:
            if up:
                self._up[way].set()
            else:
                self._up[way].clear()

    def cut(self) -> None:
        """Reset every connection once; new ones are welcome."""
        background().do(self._cut())

    async def _cut(self) -> None:
        lines = list(self._lines)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    def close(self) -> None:
        """End it."""
        background().do(self._close())

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        await self._cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._connect(reader, writer)
        finally:
            self._lines.discard(task)
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._up["out"].wait()
        from_service, to_service = await asyncio.open_connection("127.0.0.1", self._service)
        ways = [
            asyncio.create_task(self._carry(reader, to_service, self._up["out"])),
            asyncio.create_task(self._carry(from_service, writer, self._up["back"])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_service.transport.abort()

    @staticmethod
    async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, up: asyncio.Event) -> None:
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await up.wait()
                writer.write(piece)
                await writer.drain()
