"""What can go wrong in a browser: each is a plain sentence, and a way on."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Browser, Route, WebSocketRoute

from tests.e2e.board import Board
from tests.e2e.conftest import DESKTOP, OpenBoard
from tests.e2e.views import open_broken
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer


async def test_a_crash_has_details_to_copy(server: RunningServer, browser: Browser) -> None:
    """The address, the browser and the error; where there is no clipboard they are selected."""
    for permissions in (["clipboard-read", "clipboard-write"], []):
        context = await browser.new_context(**DESKTOP, permissions=permissions)
        try:
            board = Board(await context.new_page(), server.url)
            if not permissions:
                await context.add_init_script("delete Navigator.prototype.clipboard;")
            await open_broken(board)
            await board.page.get_by_role("button", name="Copy details").click()
            if permissions:
                await board.page.get_by_role("button", name="Copied").wait_for()
                copied = await board.page.evaluate("navigator.clipboard.readText()")
            else:
                await board.page.get_by_role("button", name="Press Ctrl+C").wait_for()
                copied = await board.page.evaluate("String(getSelection())")
            assert "Broken on purpose" in copied
            assert server.url in copied
        finally:
            await context.close()


async def test_a_lost_drawing_surface(server: RunningServer, open_board: OpenBoard) -> None:
    """The page says so; when the browser gives it back everything is drawn again."""
    board = await open_board("#450,300,16")
    await board.choose(6)
    await board.place(450, 300)
    await board.wait_until_settled()
    await board.page.mouse.move(640, 100)
    at = await board.point(450, 300)
    color = await board.color_on_screen(at)
    canvas = board.get("canvas")
    await canvas.evaluate("one => { one.dispatchEvent(new Event('contextlost')); one.width = one.width; }")
    await board.get("notice").filter(has_text="drawing surface").wait_for()
    assert await board.color_on_screen(at) != color
    await canvas.evaluate("one => one.dispatchEvent(new Event('contextrestored'))")
    await board.get("notice").wait_for(state="hidden")

    async def drawn() -> bool:
        return await board.color_on_screen(at) == color

    await eventually(drawn, "the canvas is drawn again")
    await board.wait_until_equal(server.url)


async def test_blocked_cookies(server: RunningServer, browser: Browser) -> None:
    """One can look; what is needed to paint is said."""
    context = await browser.new_context(**DESKTOP)

    async def without_cookie(route: Route) -> None:
        answer = await route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
        await context.clear_cookies()
        await route.fulfill(response=answer, headers=headers)

    try:
        await context.route("**/api/session", without_cookie)
        board = Board(await context.new_page(), server.url)
        await board.page.goto(server.url)
        await board.get("notice").filter(has_text="blocks cookies").wait_for(timeout=30_000)
        assert await board.state() is not None
    finally:
        await context.close()


async def test_storage_that_cannot_be_used(server: RunningServer, browser: Browser) -> None:
    """Without localStorage the page works; it only forgets."""
    context = await browser.new_context(**DESKTOP)
    try:
        await context.add_init_script(
            "Object.defineProperty(window, 'localStorage',"
            " { get() { throw new DOMException('', 'SecurityError'); } })"
        )
        board = Board(await context.new_page(), server.url)
        await board.open("#450,310,16")
        await board.choose(6)
        await board.place(450, 310)
        truth = await board.wait_until_equal(server.url)
        assert truth.color_at(450, 310) == 6
    finally:
        await context.close()


async def test_a_server_of_another_version(server: RunningServer, browser: Browser) -> None:
    """The page says that it was updated and offers to reload; it neither loops nor paints."""
    context = await browser.new_context(**DESKTOP)

    def newer(socket: WebSocketRoute) -> None:
        ahead = socket.connect_to_server()

        def change(frame: str | bytes) -> None:
            message: dict[str, Any] | None = json.loads(frame) if isinstance(frame, str) else None
            if message and message["type"] == "canvas:state":
                frame = json.dumps({**message, "version": message["version"] + 1})
            socket.send(frame)

        ahead.on_message(change)

    try:
        await context.route_web_socket("**/ws*", newer)
        board = Board(await context.new_page(), server.url)
        await board.page.goto(server.url)
        notice = board.get("notice").filter(has_text="was updated")
        await notice.wait_for(timeout=30_000)
        await notice.get_by_role("button", name="Reload").wait_for()
    finally:
        await context.close()
