"""Drawing many pixels as fast as the server likes it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import CanvasStateMessage
from pixels_core.sync import Lost, Placed, Rejected, PlacementOutcome
from pixels_core.rules.token_bucket import RateLimit, TokenBucket
from pixels_core.units import Color, Milliseconds, Seq

MAX_IN_FLIGHT = 512
"""Pixels without an answer: two full strokes, well under what a socket may send at once."""
STEP_MS = 50
"""How often to send: as often as the server commits."""
PAUSE_MS = 1_000
"""How long to wait where the server does not say."""

LATER = {ReasonCode.RATE_LIMITED, ReasonCode.UNAVAILABLE, ReasonCode.FLOOD, ReasonCode.SHUTTING_DOWN}
"""Refusals after which the same pixel is tried again."""
NEVER = {ReasonCode.BANNED, ReasonCode.READ_ONLY, ReasonCode.PAUSED}
"""Refusals that every further pixel would get, too."""

Pixel = tuple[int, int, Color]


@dataclass(slots=True)
class DrawReport:
    """How far a drawing is: every pixel ends up in exactly one of `placed`, `unchanged` and `rejected`."""

    total: int
    placed: int = 0
    """Accepted and durable."""
    unchanged: int = 0
    """Not sent, for they had the right colour."""
    rejected: Counter[ReasonCode] = field(default_factory=Counter)
    """Refused for good, by reason."""
    retries: int = 0
    """Refused for the moment, and tried again."""

    @property
    def done(self) -> int:
        """Pixels that are settled."""
        return self.placed + self.unchanged + self.rejected.total()


class DrawingTarget(Protocol):
    """What a drawing needs of a client."""

    @property
    def seq(self) -> Seq:
        """The last change that the canvas contains."""
        ...

    @property
    def state(self) -> CanvasStateMessage:
        """What the server last said of limits and so on."""
        ...

    def now(self) -> Milliseconds:
        """Return the time."""
        ...

    def shows(self, x: int, y: int, color: Color) -> bool:
        """Say whether a cell shows a colour; False outside the canvas."""
        ...

    def submit(self, x: int, y: int, color: Color, on_answer: Callable[[PlacementOutcome], None]) -> None:
        """Ask for a pixel."""
        ...

    async def wait_until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until something is so, at most so long."""
        ...


class Drawing:
    """One run over a list of pixels.

    Args:
        target: where to draw.
        pixels: what to draw, in this order; runs of one colour travel best.
        rate: pixels a second; without it, the server's limits.
        on_progress: called whenever pixels were sent or answered.
    """

    def __init__(
        self,
        target: DrawingTarget,
        pixels: Iterable[Pixel],
        rate: float | None = None,
        on_progress: Callable[[DrawReport], None] | None = None,
    ) -> None:
        self._easel = target
        self._queue = deque(pixels)
        self._on_progress = on_progress
        self.report = DrawReport(len(self._queue))
        self._bucket = _bucket(target, rate)
        self._in_flight = 0
        self._answers = 0
        self._paused_until: Milliseconds = 0
        self._last_seq: Seq = 0

    async def run(self) -> DrawReport:
        """Draw; returns when every pixel is settled and the canvas shows what was accepted."""
        while self._queue or self._in_flight:
            self._send()
            self._tell()
            seen = self._answers
            if self._queue or self._in_flight:
                await self._easel.wait_until(partial(self._answered_since, seen), self._wait_s())
        await self._easel.wait_until(lambda: self._easel.seq >= self._last_seq)
        self._tell()
        return self.report

    def _answered_since(self, count: int) -> bool:
        return self._answers > count

    def _wait_s(self) -> float | None:
        """Return how long until there is something to send; None: an answer must come first."""
        if not self._queue or self._in_flight >= MAX_IN_FLIGHT:
            return None
        now = self._easel.now()
        return max(STEP_MS, self._paused_until - now, self._bucket.wait(now)) / 1000

    def _send(self) -> None:
        now = self._easel.now()
        while self._queue and self._in_flight < MAX_IN_FLIGHT and now >= self._paused_until:
            pixel = self._queue[0]
            if self._easel.shows(*pixel):
                self._queue.popleft()
                self.report.unchanged += 1
            elif self._bucket.take(now):
                self._queue.popleft()
                self._in_flight += 1
                self._easel.submit(*pixel, partial(self._on_answer, pixel))
            else:
                return

    def _on_answer(self, pixel: Pixel, verdict: PlacementOutcome) -> None:
        self._in_flight -= 1
        self._answers += 1
        match verdict:
            case Placed(seq):
                self.report.placed += 1
                self._last_seq = max(self._last_seq, seq)
            case Rejected():
                self._on_reject(pixel, verdict)
            case Lost():
                self._queue.append(pixel)

    def _on_reject(self, pixel: Pixel, verdict: Rejected) -> None:
        reason = verdict.reason
        if reason in LATER:
            now = self._easel.now()
            self.report.retries += 1
            self._queue.append(pixel)
            self._paused_until = max(self._paused_until, now + (verdict.retry_after_ms or PAUSE_MS))
            self._bucket.force(now, self._bucket.limit.burst)
            return
        self.report.rejected[reason] += 1
        if reason in NEVER:
            self.report.rejected[reason] += len(self._queue)
            self._queue.clear()

    def _tell(self) -> None:
        if self._on_progress:
            self._on_progress(self.report)


def _bucket(target: DrawingTarget, rate: float | None) -> TokenBucket:
    """Return what may be sent: what the server's bucket holds at once, then as much as flows into it."""
    limits, now = target.state.limits, target.now()
    allowed = min(limits.rate, limits.address_rate)
    if rate is not None:
        return TokenBucket(RateLimit(rate, max(1, round(rate * STEP_MS / 1000))), now)
    bucket = TokenBucket(RateLimit(allowed, min(limits.burst, limits.address_burst)), now)
    bucket.force(now, max(0, limits.burst - int(target.state.you.tokens)))
    return bucket
