"""Fingers on a touch screen, through the browser's own input events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.async_api import CDPSession, Page

Point = tuple[float, float]

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


class Fingers:
    """Moves fingers over a page."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def on(cls, page: Page) -> Fingers:
        """Return fingers for a page."""
        return cls(await page.context.new_cdp_session(page))

    async def put(self, *points: Point) -> None:
        """Touch the screen with one finger a point."""
        await self._send("touchStart", points)

    async def move(self, *points: Point) -> None:
        """Move the fingers that are down."""
        await self._send("touchMove", points)

    async def lift(self) -> None:
        """Lift all fingers."""
        await self._send("touchEnd", ())

    async def tap(self, at: Point) -> None:
        """Touch and lift."""
        await self.put(at)
        await self.lift()

    async def drag(self, *ways: tuple[Point, Point], steps: int = 6) -> None:
        """Put one finger on the start of each way, move them together, and lift them."""
        await self.put(*(start for start, _ in ways))
        for step in range(1, steps + 1):
            share = step / steps
            await self.move(
                *((sx + (ex - sx) * share, sy + (ey - sy) * share) for (sx, sy), (ex, ey) in ways),
            )
        await self.lift()

    async def _send(self, kind: str, points: Sequence[Point]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
