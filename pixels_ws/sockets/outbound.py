"""One socket's way out: bounded, in order, and never waited for.

Granian starts a send at once and may finish two of them in either order, so at most one is in flight; what comes
meanwhile waits here. A send that is still in flight when the next frame is due marks a slow client, and costs nothing
to find out: the answer is the future's `done()`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from inspect import iscoroutine
from typing import Any

AsgiEvent = dict[str, Any]
Send = Callable[[AsgiEvent], Awaitable[None]]

MAX_QUEUED = 1_024
"""Messages that may wait for one socket besides the answers to a full burst; stream frames never wait twice."""


class Outbound:
    """Sends ASGI events one after the other.

    Args:
        send: the ASGI send function.
        on_idle: called when everything was sent after something had to wait.
        on_overflow: called when more than `max_queued` messages wait.
        max_queued: how many messages may wait.
    """

    __slots__ = (
        "_emptied",
        "_in_flight",
        "_max_queued",
        "_on_idle",
        "_on_overflow",
        "_queue",
        "_send",
        "_watching",
        "closed",
        "started",
    )

    def __init__(
        self,
        send: Send,
        on_idle: Callable[[], None],
        on_overflow: Callable[[], None],
        max_queued: int = MAX_QUEUED,
    ) -> None:
        self._send = send
        self._on_idle = on_idle
        self._on_overflow = on_overflow
        self._max_queued = max_queued
        self._queue: deque[AsgiEvent] = deque()
        self._in_flight: Any = None
        self._watching = False
        self._emptied: asyncio.Future[None] | None = None
        self.closed = False
        self.started = 0
        """How many sends were begun; while it stands still and the socket is not idle, nothing goes out."""

    @property
    def idle(self) -> bool:
        """Say whether a push would be sent at once."""
        return not self._queue and (self._in_flight is None or self._in_flight.done())

    def push(self, event: AsgiEvent) -> None:
        """Send an event now, or after those that wait."""
        if self.closed:
            return
        if self.idle:
            self._start(event)
            return
        self._queue.append(event)
        self.watch()
        if len(self._queue) > self._max_queued:
            self._on_overflow()

    def watch(self) -> None:
        """Have the queue sent, and `on_idle` called, when the send in flight is done."""
        if not self._watching:
            self._watching = True
            self._in_flight.add_done_callback(self._drain)

    async def drained(self) -> None:
        """Wait until everything is sent."""
        if not self.idle:
            self._emptied = asyncio.get_running_loop().create_future()
            self.watch()
            await self._emptied

    def seal(self) -> None:
        """Take nothing more; what waits is still sent."""
        self.closed = True

    def abandon(self) -> None:
        """Forget everything: the socket is gone."""
        self.closed = True
        self._queue.clear()

    def _start(self, event: AsgiEvent) -> None:
        self.started += 1
        sending: Any = self._send(event)
        if iscoroutine(sending):
            sending = asyncio.ensure_future(sending)
        # On a connection that the client has just closed, Granian returns something that is only good to be awaited.
        self._in_flight = sending if hasattr(sending, "add_done_callback") else None

    def _drain(self, _done: object) -> None:
        self._watching = False
        while self._queue:
            self._start(self._queue.popleft())
            if self._in_flight is not None:
                self.watch()
                return
        if self._emptied and not self._emptied.done():
            self._emptied.set_result(None)
        if not self.closed:
            self._on_idle()
