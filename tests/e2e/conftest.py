"""A real browser, a real server, and pages that must not complain."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.e2e.board import Board
from tests.e2e.build import ensure_client_is_built
from tests.e2e.complaints import Complaints
from tests.e2e.link import Link, link_to
from tests.support.server import RunningServer, running_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
    "service_workers": "block",
}
"""Without service workers, as in some private windows: no page needs one. Tests of offline starts allow them."""
ACTION_MS = 10_000

OpenContext = Callable[..., Awaitable[BrowserContext]]
OpenBoard = Callable[..., Awaitable[Board]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder in one event loop: the browser lives in it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def find_browser() -> str:
    """Return the path of the system's Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"No browser: none of {', '.join(BROWSERS)} is on the PATH.", pytrace=False)
    return path


@pytest.fixture(scope="session")
def built_client() -> None:
    """The client that the server serves is made of the present sources."""
    problem = ensure_client_is_built()
    if problem:
        pytest.fail(problem, pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def shared_server(built_client: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:  # noqa: ARG001
    """One server for all tests that neither stop it nor set it up: its canvas holds what earlier tests painted."""
    with running_server(tmp_path_factory.mktemp("shared")) as server:
        yield server


@pytest.fixture
def settings() -> dict[str, str]:
    """The settings of `own_server`; override them with `@pytest.mark.parametrize("settings", [...])`."""
    return {}


@pytest.fixture
def own_server(built_client: None, tmp_path: Path, settings: dict[str, str]) -> Iterator[RunningServer]:  # noqa: ARG001
    """A server with an empty canvas, for one test."""
    with running_server(tmp_path, **settings) as server:
        yield server


@pytest.fixture
def server(shared_server: RunningServer) -> RunningServer:
    """The server that `link` and `open_board` lead to; modules override it where tests need one of their own."""
    return shared_server


@pytest_asyncio.fixture(loop_scope="session")
async def link(server: RunningServer) -> AsyncIterator[Link]:
    """A link to the server that can be slowed and cut."""
    async with link_to(server.port) as link:
        yield link


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """No page of the test complains about anything."""
    complaints = Complaints()
    yield complaints
    assert not complaints.found, "the pages complained:\n" + "\n".join(complaints.found)


@pytest_asyncio.fixture(loop_scope="session")
async def open_context(browser: Browser, complaints: Complaints) -> AsyncIterator[OpenContext]:
    """Open browser profiles of their own: each is another user."""
    async with AsyncExitStack() as stack:

        async def open_context(**options: Any) -> BrowserContext:
            context = await browser.new_context(**{**DESKTOP, **options})
            stack.push_async_callback(context.close)
            context.set_default_timeout(ACTION_MS)
            complaints.watch(context)
            return context

        yield open_context


@pytest.fixture
def open_board(server: RunningServer, open_context: OpenContext) -> OpenBoard:
    """Open the canvas as a new user: `await open_board("#450,450,8", url=…, viewport=…)`."""

    async def open_board(hash_: str = "#450,450,8", url: str | None = None, **options: Any) -> Board:
        context = await open_context(**options)
        board = Board(await context.new_page(), url or server.url)
        await board.open(hash_)
        return board

    return open_board
