"""Keeps a `SyncClient` connected: it carries out what the state machine asks for, and wakes whoever waits."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from pixels_core.errors import PixelsError, ServerFault, ServerUnreachable, TokenError
from pixels_core.canvas.geometry import Size
from pixels_core.protocol.messages import ServerMessage
from pixels_core.sync import (
    Action,
    Answered,
    Changed,
    FetchSnapshot,
    Lost,
    SyncPhase,
    Reconnect,
    Reloaded,
    SendHeartbeat,
    SendPlacement,
    SyncClient,
    PlacementOutcome,
)
from pixels_core.units import Color, Milliseconds
from .backoff import delay
from .changes import ChangeFeed
from .rest_client import RestClient, SessionToken
from .socket_link import SocketLink, open_socket

TICK_S = 0.5

OnAnswer = Callable[[PlacementOutcome], object]


class ConnectionKeeper:
    """The tasks behind a client.

    Args:
        rest: for sessions and bitmaps; the keeper closes it.
        sync: the state machine.
        name: the display name for a session that must be opened anew.
        chance: where the jitter comes from.
        give_up_s: so long without a live canvas is a failure; None: try for ever.
    """

    def __init__(
        self,
        rest: RestClient,
        sync: SyncClient,
        name: str | None,
        chance: random.Random,
        give_up_s: float | None,
    ) -> None:
        self.rest = rest
        self.sync = sync
        self.session: SessionToken | None = None
        self.failure: Exception | None = None
        self.feeds: set[ChangeFeed] = set()
        self._name = name
        self._brought_token = rest.token is not None
        self._chance = chance
        self._give_up_ms = None if give_up_s is None else int(give_up_s * 1000)
        self._started = time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000
        self._live_at = self.now()
        self._was_live = False
        self._link: SocketLink | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._fetching: asyncio.Task[None] | None = None
        self._answers: dict[int, OnAnswer] = {}
        self._moved = asyncio.Event()

    @property
    def live(self) -> bool:
        """Whether the canvas follows the server at this moment."""
        return self.sync.phase is SyncPhase.LIVE

    def now(self) -> Milliseconds:
        """Return the time since the Unix epoch; it never steps back."""
        wall, steady = self._started
        return wall + time.monotonic_ns() // 1_000_000 - steady

    async def start(self) -> None:
        """Open a session and connect; raises PixelsError where that does not succeed at once."""
        self.session = await self.rest.open_session(self._name)
        # The bitmap first: the socket then resumes from it, and the first word on it is the stream.
        self.sync.snapshot(await self.rest.snapshot(), self.now())
        self._start(self._run())
        self._start(self._tick())
        await self.wait_until(lambda: self.live)

    async def stop(self) -> None:
        """End everything; what has no answer yet is lost."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.rest.aclose()
        self._fail(ServerUnreachable("The client is closed."))

    def submit(self, x: int, y: int, color: Color, on_answer: OnAnswer) -> None:
        """Ask for a pixel and return at once; `on_answer` gets its verdict."""
        self.raise_failure()
        self._answers[self.sync.place(x, y, color, self.now())] = on_answer
        self._perform()

    async def wait_until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until `condition` holds, looking whenever something happened; returns False after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition():
                    self.raise_failure()
                    await self._moved.wait()
        return condition()

    def raise_failure(self) -> None:
        """Raise what ended the client, if something did."""
        if self.failure:
            raise self.failure

    # ── tasks ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self.failure = self.failure or error
        answers, self._answers = self._answers, {}
        for on_answer in answers.values():
            on_answer(Lost())
        for feed in self.feeds:
            feed.wake()
        self._wake()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.sync.tick(self.now())
            self._perform()
            if self.live:
                self._live_at = self.now()
            elif self._give_up_ms is not None and self.now() - self._live_at > self._give_up_ms:
                raise ServerUnreachable(f"{self.rest.url} has been away for too long.")

    async def _run(self) -> None:
        """Connect again and again, until that makes no sense any more."""
        attempt, code = 0, None
        while True:
            try:
                code = await self._connect_once()
                attempt = 0 if self._was_live else attempt + 1
            except (ServerFault, TokenError) as problem:
                await self._renew(problem)
                attempt += 1
            await asyncio.sleep(delay(attempt, self._chance.random(), code))

    async def _connect_once(self) -> int | None:
        """Serve one socket to its end; returns the close code."""
        socket = await open_socket(self.rest.url, self.rest.canvas, self.rest.token, self.sync.resume)
        self._perform()  # a wish for a connection from before this one must not end it
        self._link = SocketLink(socket, self._size, self._receive)
        self._was_live = False
        self.sync.connected(self.now())
        self._perform()
        try:
            return await self._link.run()
        finally:
            self._link = None
            self.sync.disconnected(self.now())
            self._perform()

    async def _renew(self, problem: PixelsError) -> None:
        """After an expired session open a new one; a token that the bot brought is the bot's to replace."""
        if isinstance(problem, TokenError):
            if self._brought_token:
                raise problem
            self.rest.token = None
            with suppress(ServerFault):
                self.session = await self.rest.open_session(self._name)

    # ── the state machine ───────────────────────────────────────────────────────────────────────────────────────────

    def _size(self) -> Size | None:
        server = self.sync.server
        return Size(server.width, server.height) if server else self.sync.size

    def _receive(self, message: ServerMessage) -> None:
        self.sync.receive(message, self.now())
        self._was_live = self._was_live or self.live
        self._perform()

    def _perform(self) -> None:
        for action in self.sync.actions():
            self._carry_out(action)
        self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _carry_out(self, action: Action) -> None:
        match action:
            case SendPlacement(update) if self._link:
                self._link.put(update)
            case SendHeartbeat(heartbeat) if self._link:
                self._link.put(heartbeat)
            case Reconnect() if self._link:
                self._link.drop()
            case FetchSnapshot() if not self._fetching or self._fetching.done():
                self._fetching = self._start(self._fetch())
            case Answered(request, verdict) if request in self._answers:
                self._answers.pop(request)(verdict)
            case Changed(cells):
                for feed in self.feeds:
                    feed.add(cells)
            case Reloaded() | _:
                pass  # nobody to tell; `_run` connects in any case

    async def _fetch(self) -> None:
        try:
            snapshot = await self.rest.snapshot()
        except ServerFault:
            self.sync.snapshot_failed(self.now())
        else:
            self.sync.snapshot(snapshot, self.now())
        self._perform()
