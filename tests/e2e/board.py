"""The page, as a person uses it and as a test looks into it (`window.pixels`)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.async_api import Locator, Page, WebSocket

from tests.e2e.truth import Cell, Truth, truth_of
from tests.e2e.waiting import SECONDS, eventually

WIDTH = HEIGHT = 900

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class State:
    """What the page knows at one moment."""

    mode: str
    seq: int
    checksum: int
    pending: int
    reloads: int


class Board:
    """One page with the canvas.

    Args:
        page: an empty page.
        url: the server's address, or that of a link to it.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.bitmap_requests = 0
        """How often the page fetched the bitmap."""
        self.acknowledged_seq = 0
        """The highest seq that an ack on this page's sockets named."""
        self.navigations = 0
        page.on("request", self._count_request)
        page.on("websocket", self._listen)

    def _count_request(self, request: Any) -> None:
        self.bitmap_requests += urlsplit(request.url).path.endswith("/bitmap")
        self.navigations += request.is_navigation_request()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._read_frame)

    def _read_frame(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            message = json.loads(frame)
            if message["type"] == "pixel:ack":
                self.acknowledged_seq = max(self.acknowledged_seq, message["seq"])

    # ── coming and looking ──────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, hash_: str = "") -> None:
        """Load the page and wait until it is live."""
        await self.page.goto(f"{self.url}/{hash_}")
        await self.wait_for_mode("live")

    async def look_at(self, x: int, y: int, zoom: float) -> None:
        """Show a cell in the middle of the window, through the address."""
        wanted = f"#{x},{y},{zoom:g}"
        await self.page.evaluate("hash => { location.hash = hash }", wanted)

        async def arrived() -> bool:
            return (await self.view())[2] == zoom and await self.cell_in_the_middle() == (x, y)

        await eventually(arrived, f"the view is {wanted}")

    async def view(self) -> tuple[int, int, float]:
        """Return column and row in the middle and the zoom, measured on the screen."""
        left, top = await self.point(0, 0)
        right, _ = await self.point(100, 0)
        zoom = (right - left) / 100
        size = self.page.viewport_size or {"width": 0, "height": 0}
        x, y = (size["width"] / 2 - left) / zoom + 0.5, (size["height"] / 2 - top) / zoom + 0.5
        return int(x // 1), int(y // 1), round(zoom, 4)

    async def cell_in_the_middle(self) -> Cell:
        """Return the cell in the middle of the window."""
        x, y, _ = await self.view()
        return x, y

    async def point(self, x: int, y: int) -> Point:
        """Return the middle of a cell on the screen."""
        point = await self.page.evaluate("([x, y]) => window.pixels.screenPoint(x, y)", [x, y])
        return point["x"], point["y"]

    async def state(self) -> State:
        """Return what the page knows."""
        fields = await self.page.evaluate(
            "() => window.pixels ? [pixels.mode(), pixels.seq(), pixels.checksum(), pixels.pendingCount(),"
            " pixels.reloads()] : ['loading', 0, 0, 0, 0]"
        )
        return State(*fields)

    async def seq(self) -> int:
        """Return the seq of the confirmed canvas."""
        return (await self.state()).seq

    async def checksum(self) -> int:
        """Return the checksum of the confirmed canvas."""
        return (await self.state()).checksum

    async def shown(self, cells: Sequence[Cell]) -> list[int | None]:
        """Return the colours that the page shows, pending ones included."""
        colors: list[int | None] = await self.page.evaluate(
            "cells => cells.map(([x, y]) => window.pixels.colorAt(x, y))", [list(cell) for cell in cells]
        )
        return colors

    async def confirmed(self, cells: Sequence[Cell]) -> list[int | None]:
        """Return the colours of the confirmed canvas."""
        colors: list[int | None] = await self.page.evaluate(
            "cells => cells.map(([x, y]) => window.pixels.confirmedColorAt(x, y))", [list(cell) for cell in cells]
        )
        return colors

    async def painted(self) -> tuple[int, dict[Cell, int]]:
        """Return the seq, and every cell that the page shows in another colour than the background."""
        seq, found = await self.page.evaluate(
            "([width, height]) => { const found = [];"
            " for (let y = 0; y < height; y++) for (let x = 0; x < width; x++)"
            " { const color = window.pixels.colorAt(x, y); if (color) found.push([x, y, color]); }"
            " return [window.pixels.seq(), found]; }",
            [WIDTH, HEIGHT],
        )
        return seq, {(x, y): color for x, y, color in found}

    async def color_on_screen(self, at: Point) -> tuple[int, int, int]:
        """Return the colour of one point of the screen, as it is drawn."""
        clip = {"x": at[0] - 0.5, "y": at[1] - 0.5, "width": 1, "height": 1}
        picture = Image.open(io.BytesIO(await self.page.screenshot(clip=clip)))  # type: ignore[arg-type]
        red, green, blue = picture.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
        return red, green, blue

    def get(self, test_id: str) -> Locator:
        """Return the element with a test id."""
        return self.page.get_by_test_id(test_id)

    def toast(self, reason: str) -> Locator:
        """Return the message that says why something was refused."""
        return self.page.locator(f'[data-testid="toast"][data-reason="{reason}"]')

    async def is_pressed(self, test_id: str) -> bool:
        """Say whether a button is down."""
        return await self.get(test_id).get_attribute("aria-pressed") == "true"

    # ── doing ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def choose(self, slot: int) -> str:
        """Choose a colour of the palette; returns it as "#rrggbb"."""
        swatch = self.get(f"swatch-{slot}")
        await swatch.click()
        found = re.search(r"#[0-9a-f]{6}", await swatch.get_attribute("style") or "")
        assert found, f"swatch {slot} has no colour"
        return found[0]

    async def place(self, x: int, y: int) -> None:
        """Click a cell."""
        await self.page.mouse.click(*await self.point(x, y))

    async def draw(self, *way: Cell, steps: int = 1) -> None:
        """Drag the mouse from cell to cell, with `steps` mouse events in between."""
        await self.press(way[0])
        for cell in way[1:]:
            await self.page.mouse.move(*await self.point(*cell), steps=steps)
        await self.page.mouse.up()

    async def press(self, cell: Cell) -> None:
        """Put the mouse button down on a cell and keep it down."""
        await self.page.mouse.move(*await self.point(*cell))
        await self.page.mouse.down()

    # ── waiting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def wait_for_mode(self, mode: str, seconds: float = SECONDS) -> None:
        """Wait until the page is in a mode, and says so."""

        async def reached() -> bool:
            shown = await self.get("status").get_attribute("data-mode")
            return shown == mode and (await self.state()).mode == mode

        await eventually(reached, f"the page is {mode}", seconds)

    async def wait_until_settled(self, seconds: float = SECONDS) -> None:
        """Wait until every placement of this page is answered and in its canvas."""

        async def settled() -> bool:
            state = await self.state()
            return state.mode == "live" and state.pending == 0

        await eventually(settled, "all placements are settled", seconds)

    async def wait_until_shown(self, cells: Sequence[Cell], color: int, seconds: float = SECONDS) -> None:
        """Wait until cells show a colour."""

        async def shown() -> bool:
            return set(await self.shown(cells)) == {color}

        await eventually(shown, f"{cells} show colour {color}", seconds)

    async def wait_until_equal(self, server: str, seconds: float = SECONDS) -> Truth:
        """Wait until the page is at the server's seq: then checksum and every cell on show are equal."""
        await self.wait_until_settled(seconds)

        async def at_the_same_seq() -> tuple[Truth, State, dict[Cell, int]] | None:
            truth, state = await truth_of(server), await self.state()
            seq, painted = await self.painted()
            return (truth, state, painted) if truth.seq == state.seq == seq else None

        truth, state, painted = await eventually(at_the_same_seq, "the page is at the server's seq", seconds)
        assert state.checksum == truth.checksum
        assert painted == truth.painted()
        return truth
