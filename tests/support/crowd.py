"""People who draw on a canvas while it is being broken, and what must be true of them afterwards.

Nobody ever paints a cell twice, so user and cell name a request: the log tells what became of it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise

from pixels_core.canvas.canvas import Canvas
from pixels_core.client.pixels_client import ClientOptions, PixelsClient, Placed
from pixels_core.errors import ReasonCode
from pixels_core.ports import EventLog
from pixels_core.rules.events import PixelPlaced
from pixels_core.sync import PlacementOutcome, Rejected
from pixels_core.units import Cell, Color, Seq

HEARTBEAT_MS = 1_000


@dataclass
class Painter:
    """One of them."""

    client: PixelsClient
    cells: range
    asked: dict[Cell, tuple[Color, float]] = field(default_factory=dict)
    """What was asked for, and when."""
    placed: dict[Cell, Seq] = field(default_factory=dict)
    refused: dict[Cell, ReasonCode] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    """How long each answer took, in seconds."""
    placed_at: list[tuple[float, float]] = field(default_factory=list)
    """When each accepted pixel was asked for, and when its answer came."""

    @property
    def open(self) -> int:
        """How many requests have no answer."""
        return len(self.asked) - len(self.placed) - len(self.refused)

    def paint(self, color: Color) -> None:
        """Ask for the next pixel."""
        cell, now = self.cells[len(self.asked)], time.monotonic()
        self.asked[cell] = color, now

        def answered(verdict: PlacementOutcome) -> None:
            self.waits.append(time.monotonic() - now)
            if isinstance(verdict, Placed):
                self.placed[cell] = verdict.seq
                self.placed_at.append((now, time.monotonic()))
            elif isinstance(verdict, Rejected):
                self.refused[cell] = verdict.reason

        x, y = self.client.canvas.size.point(cell)
        self.client.submit(x, y, color, answered)


class Crowd:
    """All of them; make it with `crowd`."""

    def __init__(self, painters: list[Painter]) -> None:
        self.painters = painters

    @asynccontextmanager
    async def drawing(self, pixels_per_second: float, seed: int = 1) -> AsyncIterator[None]:
        """Let each of them draw at that rate while the block lasts."""
        tasks = [
            asyncio.create_task(_draw(painter, pixels_per_second, random.Random(f"{seed} {number}")))
            for number, painter in enumerate(self.painters)
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for problem in ended:
            if not isinstance(problem, asyncio.CancelledError) and isinstance(problem, BaseException):
                raise problem

    async def settle(self, log: EventLog, seconds: float = 30.0) -> None:
        """Wait until every request is answered and everybody has the log's head; says who is not so far in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(painter.open for painter in self.painters):  # noqa: ASYNC110  # many clients, no one event
                    await asyncio.sleep(0.05)
        late = {number: painter.open for number, painter in enumerate(self.painters) if painter.open}
        assert not late, f"open requests by painter: {late}"
        head = (await Log.read(log)).seq
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(painter.client.seq < head for painter in self.painters):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        behind = {number: p.client.seq for number, p in enumerate(self.painters) if p.client.seq < head}
        assert not behind, f"the head is {head}; behind are {behind}"

    @property
    def placed(self) -> int:
        """How many pixels were acknowledged."""
        return sum(len(painter.placed) for painter in self.painters)

    @property
    def refusals(self) -> Counter[ReasonCode]:
        """How many were refused, by reason."""
        return Counter(reason for painter in self.painters for reason in painter.refused.values())

    def longest_silence(self) -> float:
        """Return the longest time in which nobody's pixel was acknowledged, in seconds."""
        moments = sorted(answered for painter in self.painters for _, answered in painter.placed_at)
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)

    def working_again_after(self, moment: float) -> float | None:
        """Return how long after a moment the first pixel was acknowledged that was asked for after it."""
        later = [answered for p in self.painters for asked, answered in p.placed_at if asked > moment]
        return min(later) - moment if later else None


@asynccontextmanager
async def crowd(url: str, count: int) -> AsyncIterator[Crowd]:
    """Connect that many people until the block ends."""
    async with AsyncExitStack() as stack:
        painters = []
        for number in range(count):
            options = ClientOptions(heartbeat_ms=HEARTBEAT_MS, chance=random.Random(number + 1))
            client = await stack.enter_async_context(PixelsClient(url, options=options))
            painters.append(Painter(client, range(number, client.canvas.size.cells, count)))
        yield Crowd(painters)


async def _draw(painter: Painter, pixels_per_second: float, dice: random.Random) -> None:
    await asyncio.sleep(dice.random() / pixels_per_second)
    while True:
        painter.paint(dice.randrange(1, 32))
        await asyncio.sleep(dice.uniform(0.5, 1.5) / pixels_per_second)


@dataclass(frozen=True, slots=True)
class Log:
    """A log, read from its beginning, and the canvas that it adds up to."""

    numbers: list[int]
    pixels: list[PixelPlaced]
    canvas: Canvas

    @classmethod
    async def read(cls, log: EventLog) -> Log:
        """Read all of it."""
        numbers, pixels, canvas = [], [], Canvas(log.identity.size)
        async for batch in log.read(0):
            numbers.append(batch.number)
            pixels += batch.pixels()
        for pixel in pixels:
            canvas.set(pixel.cell, pixel.color)
        return cls(numbers, pixels, canvas)

    @property
    def seq(self) -> Seq:
        """The newest seq."""
        return self.pixels[-1].seq if self.pixels else 0

    def check(self, people: Crowd) -> int:
        """Assert every promise; returns how many refused requests are in the log all the same.

        That may happen to a request which was repeated on a node that could not know of the first: it is refused as
        long as the canvas is degraded, and the first may still come true. A request asked only once is never such.
        """
        assert self.numbers == list(range(1, len(self.numbers) + 1)), "a batch number is missing or there twice"
        assert [pixel.seq for pixel in self.pixels] == list(range(1, self.seq + 1))
        found = {(pixel.user, pixel.cell): pixel for pixel in self.pixels}
        assert len(found) == len(self.pixels), "a request was applied twice"
        denied = 0
        for painter in people.painters:
            user = painter.client.user or ""
            for cell, seq in painter.placed.items():
                assert found[user, cell].color == painter.asked[cell][0]
                assert found[user, cell].seq <= seq, "the ack was for less than this pixel"
            denied += sum((user, cell) in found for cell in painter.refused)
            assert painter.client.seq == self.seq
            assert painter.client.checksum == self.canvas.checksum, "somebody sees another canvas"
        return denied
