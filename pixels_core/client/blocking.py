"""`PixelsClient` for programs without asyncio: the same client on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.palette import Palette
from pixels_core.sync import Placed, SyncStatistics
from pixels_core.units import Color, Seq

from .changes import Change
from .drawing import DrawReport
from .pixels_client import ClientOptions, PixelsClient

THREAD: Final = "pixels-client"
Result = TypeVar("Result")


class BlockingClient:
    """A live canvas whose methods return when they are done; made by `connect`.

    It may be used from several threads. Ctrl+C interrupts a waiting method; what was asked of the server by then may
    still happen.
    """

    def __init__(self, client: PixelsClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    @property
    def canvas(self) -> Canvas:
        """A copy of the canvas as the server's log has it at this moment."""
        return self._client.canvas.copy() if self._is_on_loop() else self._run(self._copy())

    @property
    def palette(self) -> Palette:
        """The colours of the canvas."""
        return self._client.palette

    @property
    def seq(self) -> Seq:
        """The last change that the canvas contains."""
        return self._client.seq

    @property
    def checksum(self) -> int:
        """The checksum of the canvas."""
        return self._client.checksum

    @property
    def statistics(self) -> SyncStatistics:
        """What happened on the link so far."""
        return self._client.statistics

    @property
    def user(self) -> str | None:
        """The user that this client draws as."""
        return self._client.user

    @property
    def token(self) -> str | None:
        """The session's token; treat it like a password."""
        return self._client.token

    def color_at(self, x: int, y: int) -> Color:
        """Return the palette slot at (x, y); raises ClientFault `out_of_bounds`."""
        return self._client.color_at(x, y)

    def place(self, x: int, y: int, color: Color | str) -> Placed:
        """Place a pixel (a slot or "#rrggbb") and return when it is durable.

        Raises PlacementRejected, or PlacementLost where no answer came for 10 minutes.
        """
        return self._run(self._client.place(x, y, color))

    def draw(
        self,
        pixels: Iterable[tuple[int, int, Color | str]],
        rate: float | None = None,
        on_progress: Callable[[DrawReport], None] | None = None,
    ) -> DrawReport:
        """Draw pixels (x, y, color) and return when all are settled; see `PixelsClient.draw`."""
        return self._run(self._client.draw(pixels, rate, on_progress))

    def wait_until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until `condition` holds, looking whenever something happened; returns False after `seconds`.

        The condition runs on the client's thread: it may look at this client, but not place, draw or wait.
        """
        return self._run(self._client.wait_until(condition, seconds))

    def changes(self) -> Iterator[Change]:
        """Yield every cell that shows another colour from now on; to a slow reader only the newest of each cell."""
        feed = self._client.changes()
        try:
            while True:
                yield self._run(anext(feed))
        finally:
            self._run(feed.aclose())

    def _is_on_loop(self) -> bool:
        return threading.current_thread().name == THREAD and asyncio.get_running_loop() is self._loop

    async def _copy(self) -> Canvas:
        return self._client.canvas.copy()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the client's loop and wait for it here."""
        if self._is_on_loop():
            work.close()
            raise RuntimeError("A condition or on_progress cannot wait for its own client.")
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return waiting.result()
        except BaseException:
            waiting.cancel()
            raise


@contextmanager
def connect(
    url: str,
    *,
    name: str | None = None,
    token: str | None = None,
    canvas: str = "main",
    options: ClientOptions | None = None,
) -> Iterator[BlockingClient]:
    """Connect to a server; the arguments and errors are those of `PixelsClient`.

    Example::

        with pixels_core.connect("http://127.0.0.1:8000", name="stripes") as canvas:
            canvas.place(10, 10, "#ff4500")
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=THREAD, daemon=True)
    thread.start()
    try:
        client = PixelsClient(url, name=name, token=token, canvas=canvas, options=options)
        asyncio.run_coroutine_threadsafe(client.__aenter__(), loop).result()
        try:
            yield BlockingClient(client, loop)
        finally:
            asyncio.run_coroutine_threadsafe(client.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
