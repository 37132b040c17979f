"""What a page complains about: console errors, exceptions, refused content and failed requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_NETWORK = re.compile(r"WebSocket connection to|Failed to load resource: net::ERR_|^request failed:|^answer 50[0-9]")
"""What browsers report when a server is away."""
_LET_GO = re.compile(r"^request failed: GET \S+/(?:pixel/\d+/\d+\?\S*|statistics|favicon\.svg): net::ERR_ABORTED$")
"""The page stops asking who placed a pixel when the pointer or the cell has moved on, and how busy the canvas is when
nobody looks at the numbers any more; the browser stops asking for the icon of a page that is being reloaded.
"""
_BLOCKED = "Service Worker registration blocked by Playwright"
"""Said by the browser's driver, not by the page."""


class Complaints:
    """Collects from every context that it watches; a test ends with none."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._outages = 0

    @property
    def found(self) -> tuple[str, ...]:
        """What was complained about so far."""
        return tuple(self._found)

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a context."""
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """In this block the server is away on purpose: that requests fail is no complaint."""
        self._outages += 1
        try:
            yield
        finally:
            self._outages -= 1

    def _note(self, text: str) -> None:
        if not (self._outages and _NETWORK.search(text)) and not _LET_GO.search(text):
            self._found.append(text)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.text != _BLOCKED:
            self._note(message.text)

    def _exception(self, error: WebError) -> None:
        self._note(f"exception: {error.error}")

    def _failed(self, request: Request) -> None:
        self._note(f"request failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"answer {response.status}: {response.request.method} {response.url}")
