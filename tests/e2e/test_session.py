"""Who one is: a name, a moderator's token, and all of it after a reload."""

from __future__ import annotations

import time

import pytest

from pixels_core.adapters.hosting.secret_file import read_secret
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import Session, TokenSigner
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard, OpenContext
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer


@pytest.fixture
def token(server: RunningServer) -> str:
    """A moderator's token for the server."""
    settings = ServerSettings(data=server.data_dir)
    expires = time.time_ns() // 1_000_000 + 3_600_000
    session = Session(user="u_moderator", name="Mo", role=Role.MODERATOR, expires_at=expires)
    return TokenSigner(read_secret(settings)).sign(session)


async def _who(board: Board) -> tuple[str, str | None]:
    """Open the sheet, read it, close it."""
    await board.get("session").click()
    name = await board.get("session-name").inner_text()
    role = await board.get("session-role").get_attribute("data-role")
    await board.page.keyboard.press("Escape")
    await board.get("session-sheet").wait_for(state="hidden")
    return name, role


async def test_a_display_name_survives_a_reload(open_board: OpenBoard) -> None:
    """And everybody sees it at one's pixels."""
    board = await open_board("#250,250,16")
    await board.get("session").click()
    await board.get("name-input").fill("Ada")
    await board.get("save-name").click()
    await board.get("session-result").filter(has_text="You are Ada now").wait_for()
    await board.page.keyboard.press("Escape")
    await board.page.reload()
    await board.wait_for_mode("live")
    assert await _who(board) == ("Ada", "painter")
    await board.place(250, 250)
    await board.wait_until_settled()
    other = await open_board("#250,250,16")
    await other.page.mouse.move(*await other.point(250, 250))
    await other.get("tooltip-who").filter(has_text="Placed by Ada").wait_for()


async def test_a_link_signs_in(server: RunningServer, open_context: OpenContext, token: str) -> None:
    """The token leaves the address at once, and the session survives a reload; signing out ends it."""
    context = await open_context()
    board = Board(await context.new_page(), server.url)
    await board.open(f"#signin={token}")
    assert "signin" not in await board.page.evaluate("location.href")
    assert await _who(board) == ("Mo", "moderator")
    await board.page.reload()
    await board.wait_for_mode("live")
    assert await _who(board) == ("Mo", "moderator")
    await board.get("session").click()
    await board.get("sign-out").click()
    await board.get("session-result").filter(has_text="new guest").wait_for()

    async def a_guest_again() -> bool:
        return await board.get("session-role").get_attribute("data-role") == "painter"

    await eventually(a_guest_again, "the page has a guest's session")


async def test_a_pasted_token_signs_in(open_board: OpenBoard, token: str) -> None:
    """What is no token is refused with a sentence, and the session stays."""
    board = await open_board()
    await board.get("session").click()
    await board.get("token-input").fill("no token")
    await board.get("sign-in").click()
    await board.get("session-result").filter(has_text="neither a sign-in link nor a token").wait_for()
    await board.get("token-input").fill(token)
    await board.get("sign-in").click()
    await board.get("session-result").filter(has_text="You are signed in").wait_for()
    await board.page.keyboard.press("Escape")
    await board.wait_for_mode("live")
    assert await _who(board) == ("Mo", "moderator")


async def test_a_long_name_fits(open_board: OpenBoard) -> None:
    """The widest name there is pushes nothing out of the sheet."""
    board = await open_board()
    await board.get("session").click()
    await board.get("name-input").fill("W" * 32)
    await board.get("save-name").click()
    await board.get("session-result").filter(has_text="You are").wait_for()
    assert await board.get("session-sheet").evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
