"""A client for bots and scripts; docs/bots.md shows how to use it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from pixels_core.canvas.canvas import Canvas
from pixels_core.errors import PlacementLost, PlacementRejected, ServerUnreachable
from pixels_core.canvas.palette import Palette, Swatch
from pixels_core.protocol.messages import HEARTBEAT_INTERVAL_MS, CanvasStateMessage
from pixels_core.sync import Placed, Rejected, SyncStatistics, SyncClient, PlacementOutcome
from pixels_core.units import Color, Milliseconds, Seq
from .changes import Change, ChangeFeed
from .connection_keeper import ConnectionKeeper
from .drawing import Drawing, DrawReport
from .rest_client import RestClient

MAX_FIRST_REQUEST = 2**52
"""Ids are counted up from below this, so that they stay under 2⁵³."""

__all__ = ["Change", "ClientOptions", "DrawReport", "PixelsClient", "Placed"]


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What a bot rarely sets.

    Args:
        heartbeat_ms: how often to send a heartbeat.
        give_up_s: so long without a connection is an error; None: try for ever.
        chance: where request ids and jitter come from.
    """

    heartbeat_ms: Milliseconds = HEARTBEAT_INTERVAL_MS
    give_up_s: float | None = None
    chance: random.Random = field(default_factory=random.SystemRandom)


class PixelsClient:
    """A live canvas: an asynchronous context manager that is in step with the server inside its block.

    Args:
        url: the server's address, as http://127.0.0.1:8000.
        name: the display name to draw under.
        token: of an earlier session, to go on as the same user; `client.token` has it.
        canvas: the canvas's name.
        options: see `ClientOptions`.

    Raises:
        ConfigurationError: the address is none.
        TokenError: on entering, the token is not accepted.
        ClientFault: on entering, the server refuses, as where there is no canvas of this name.
        ServerUnreachable: on entering, there is no server. Later losses of the connection are no errors: the client
            reconnects, and sends again what has no answer.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str | None = None,
        token: str | None = None,
        canvas: str = "main",
        options: ClientOptions | None = None,
    ) -> None:
        options = options or ClientOptions()
        first = options.chance.randrange(MAX_FIRST_REQUEST)
        self._sync = SyncClient(first, heartbeat_ms=options.heartbeat_ms)
        self._keeper = ConnectionKeeper(
            RestClient(url, canvas, token), self._sync, name, options.chance, options.give_up_s
        )

    async def __aenter__(self) -> Self:
        try:
            await self._keeper.start()
        except BaseException:
            await self._keeper.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._keeper.stop()

    # ── what there is to see ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def canvas(self) -> Canvas:
        """The canvas as the server's log has it at `seq`, without own pixels on their way; read it only."""
        if self._sync.confirmed is None:
            raise ServerUnreachable("There is no canvas before the client is connected.")
        return self._sync.confirmed

    @property
    def seq(self) -> Seq:
        """The last change that `canvas` contains."""
        return self._sync.seq

    @property
    def epoch(self) -> str | None:
        """The log that `canvas` comes from."""
        return self._sync.epoch

    @property
    def checksum(self) -> int:
        """The checksum of `canvas`."""
        return self._sync.checksum

    @property
    def statistics(self) -> SyncStatistics:
        """What happened on the link so far."""
        return self._sync.statistics

    @property
    def live(self) -> bool:
        """Whether the canvas follows the server at this moment."""
        return self._keeper.live

    @property
    def degraded(self) -> bool:
        """Whether the server cannot save changes at this moment."""
        return self._sync.degraded

    @property
    def state(self) -> CanvasStateMessage:
        """What the server last said of limits, locks, palette, notice and so on."""
        if self._sync.server is None:
            raise ServerUnreachable("The server has not said anything yet.")
        return self._sync.server

    @property
    def palette(self) -> Palette:
        """The colours of the canvas."""
        return Palette(tuple(Swatch(swatch.hex, swatch.name) for swatch in self.state.palette))

    @property
    def user(self) -> str | None:
        """The user that this client draws as."""
        return self._keeper.session.user if self._keeper.session else None

    @property
    def token(self) -> str | None:
        """The session's token; treat it like a password."""
        return self._keeper.rest.token

    def color_at(self, x: int, y: int) -> Color:
        """Return the palette slot at (x, y), own pixels on their way included; raises ClientFault `out_of_bounds`."""
        return self._sync.color_at(x, y)

    def shows(self, x: int, y: int, color: Color) -> bool:
        """Say whether a cell shows a colour; False outside the canvas."""
        return self.canvas.size.contains(x, y) and self.color_at(x, y) == color

    def now(self) -> Milliseconds:
        """Return the time since the Unix epoch; it never steps back."""
        return self._keeper.now()

    async def wait_until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until `condition` holds, looking whenever something happened; returns False after `seconds`."""
        return await self._keeper.wait_until(condition, seconds)

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Yield every cell that shows another colour from now on; to a slow reader only the newest of each cell."""
        feed = ChangeFeed()
        self._keeper.feeds.add(feed)
        try:
            while True:
                for change in await feed.next():
                    yield change
                self._keeper.raise_failure()
        finally:
            self._keeper.feeds.discard(feed)

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def place(self, x: int, y: int, color: Color | str) -> Placed:
        """Place a pixel (a slot or "#rrggbb") and return when it is durable; `seq` of the result is its number.

        Raises PlacementRejected, or PlacementLost where no answer came for 10 minutes.
        """
        answer: asyncio.Future[PlacementOutcome] = asyncio.get_running_loop().create_future()
        self.submit(x, y, self.palette.resolve(color), partial(_settle, answer))
        verdict = await answer
        if isinstance(verdict, Placed):
            return verdict
        if isinstance(verdict, Rejected):
            raise PlacementRejected(verdict.reason, verdict.message, verdict.retry_after_ms, verdict.color)
        raise PlacementLost("No answer came in time.") from self._keeper.failure

    def submit(self, x: int, y: int, color: Color, on_answer: Callable[[PlacementOutcome], object]) -> None:
        """Ask for a pixel and return at once; `on_answer` gets its verdict."""
        self._keeper.submit(x, y, color, on_answer)

    async def draw(
        self,
        pixels: Iterable[tuple[int, int, Color | str]],
        rate: float | None = None,
        on_progress: Callable[[DrawReport], None] | None = None,
    ) -> DrawReport:
        """Draw pixels (x, y, color), skip those that are right already, and return when all are settled.

        It keeps to the server's limits, or to `rate` pixels a second, and waits where the server says so.
        """
        palette = self.palette
        return await Drawing(
            self, [(x, y, palette.resolve(color)) for x, y, color in pixels], rate, on_progress
        ).run()


def _settle(answer: asyncio.Future[PlacementOutcome], verdict: PlacementOutcome) -> None:
    if not answer.done():  # the bot may have stopped waiting
        answer.set_result(verdict)
