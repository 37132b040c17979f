"""What the page tells people, on the screen and to screen readers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import WebSocketRoute

from pixels_core.canvas.palette import CURATED
from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenBoard, OpenContext
from tests.e2e.link import Link
from tests.e2e.truth import truth_of
from tests.e2e.views import put_the_hint_away
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer

WHITE = (3, 3)
REASON = "Mural of the week"


@pytest.fixture
def server(own_server: RunningServer) -> RunningServer:
    """A server of the test's own."""
    return own_server


class Moderators:
    """Act on what one page sees: in place of the next change on its stream comes a moderators' message."""

    def __init__(self, server: RunningServer, board: Board) -> None:
        self._server = server
        self._board = board
        self._next: dict[str, Any] | None = None

    @classmethod
    async def on(cls, server: RunningServer, open_context: OpenContext) -> tuple[Moderators, Board]:
        """Return moderators, and the page that they act on."""
        context = await open_context()
        board = Board(await context.new_page(), server.url)
        moderators = cls(server, board)
        await context.route_web_socket("**/ws*", moderators._pass_on)
        await board.open("#450,450,8")
        return moderators, board

    async def say(self, kind: str, **fields: Any) -> None:
        """Send one message; the change that it replaces sets a white cell to white, so nothing else differs."""
        seq = await self._board.seq() + 1
        self._next = {"type": f"moderation:{kind}", "seq": seq, "by": "u_mod", **fields}
        async with PixelsClient(self._server.url) as script:
            await script.place(*WHITE, 0)

        async def arrived() -> bool:
            return await self._board.seq() >= seq

        await eventually(arrived, f"the page has the {kind}")

    def _pass_on(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def answer(frame: str | bytes) -> None:
            if isinstance(frame, bytes) and self._next:
                frame, self._next = json.dumps(self._next), None
            socket.send(frame)

        server.on_message(answer)


async def test_somebody_painted_over_it(server: RunningServer, open_board: OpenBoard) -> None:
    """A pixel that one has just placed, and only that."""
    board = await open_board()
    await board.choose(6)
    await board.place(450, 450)
    await board.wait_until_settled()
    async with PixelsClient(server.url) as script:
        await script.place(440, 440, 3)
        await board.wait_until_shown([(440, 440)], 3)
        assert not await board.toast("overwritten").is_visible()
        await script.place(450, 450, 3)
    await board.toast("overwritten").filter(has_text="painted over a pixel").wait_for()
    assert await board.shown([(450, 450)]) == [3]


async def test_a_lock(server: RunningServer, open_context: OpenContext) -> None:
    """Said with its reason; the region is hatched from then on, and refuses with that reason until its unlock."""
    moderators, board = await Moderators.on(server, open_context)
    await put_the_hint_away(board)
    await board.page.mouse.move(640, 100)
    left, top = await board.point(445, 445)
    points = [(left + step, top) for step in range(0, 24, 2)]
    plain = {await board.color_on_screen(point) for point in points}
    lock = {"id": "l1", "x": 440, "y": 440, "width": 20, "height": 10, "by": "u_mod", "reason": REASON}
    await moderators.say("lock", reason=REASON, lock=lock)
    await board.toast("moderation:lock").filter(has_text=f"20 × 10 cells at 440, 440. Reason: {REASON}").wait_for()

    async def hatched() -> bool:
        return len({await board.color_on_screen(point) for point in points} - plain) > 0

    await eventually(hatched, "the locked region has a pattern")
    seq = await board.seq()
    await board.place(445, 445)
    await board.toast("locked").filter(has_text=f"Reason: {REASON}").wait_for()
    await board.wait_until_settled()
    assert await board.seq() == seq
    await moderators.say("unlock", reason="", lock="l1")
    await board.toast("moderation:unlock").wait_for()
    await board.place(445, 445)
    await board.wait_until_equal(server.url)
    assert await board.shown([(445, 445)]) == [7]


async def test_rewind_palette_and_limits(server: RunningServer, open_context: OpenContext) -> None:
    """Each is said in a sentence; swatches have their new colours and names at once."""
    moderators, board = await Moderators.on(server, open_context)
    area = {"x": 400, "y": 400, "width": 50, "height": 40}
    await moderators.say("rewind", reason="Vandals", **area, pixels=[])
    await board.toast("moderation:rewind").filter(has_text="50 × 40 cells at 400, 400. Reason: Vandals").wait_for()
    palette = [{"hex": swatch.hex, "name": swatch.name} for swatch in CURATED]
    palette[9] = {"hex": "#102030", "name": "Night"}
    await moderators.say("palette", reason="Winter", palette=palette)
    await board.toast("moderation:palette").filter(has_text="Winter").wait_for()
    assert await board.get("swatch-9").get_attribute("aria-label") == "Night"
    limits = {"rate": 2, "burst": 9, "addressRate": 100, "addressBurst": 1000}
    await moderators.say("limits", reason="", limits=limits)
    await board.toast("moderation:limits").wait_for()
    assert await board.get("toast").count() <= 3
    assert (await board.state()).reloads == 0


async def test_a_ban_a_pause_and_a_notice(server: RunningServer, open_context: OpenContext) -> None:
    """Said once, and shown for as long as it lasts."""
    moderators, board = await Moderators.on(server, open_context)
    notice = board.get("notice")
    await moderators.say("notice", reason="", text="Be kind to the mural.")
    await notice.filter(has_text="Be kind to the mural").wait_for()
    await moderators.say("pause", reason="Tea", paused=True)
    await board.toast("moderation:pause").filter(has_text="Reason: Tea").wait_for()
    await moderators.say("pause", reason="", paused=False)
    await board.toast("moderation:pause").filter(has_text="open again").wait_for()
    user = (await board.page.evaluate("fetch('/api/session').then((answer) => answer.json())"))["user"]
    await moderators.say("ban", reason="Spam", user=user)
    await board.toast("moderation:ban").filter(has_text="You may not place pixels for now. Reason: Spam").wait_for()
    await notice.filter(has_text="You may not place pixels").wait_for()
    await moderators.say("ban", reason="", user=user, until=0)
    await board.toast("moderation:ban").filter(has_text="lifted").wait_for()
    await notice.filter(has_text="Be kind to the mural").wait_for()


async def test_of_many_only_the_last_is_spoken(open_board: OpenBoard) -> None:
    """[A11Y] Moving fast says nothing on the way; the result of a placement is said, politely."""
    board = await open_board("#450,450,16")
    region = board.get("live-region")
    assert await region.get_attribute("aria-live") == "polite"
    await region.evaluate(
        "one => { window.said = [];"
        " new MutationObserver(() => said.push(one.textContent)).observe(one,"
        " { childList: true, characterData: true, subtree: true }); }"
    )
    await board.page.evaluate(
        "() => { for (let i = 0; i < 30; i++)"
        " window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })); }"
    )
    await region.filter(has_text="Column 479").wait_for()
    said = await board.page.evaluate("window.said")
    assert all("Column 479" in one for one in said)
    await board.page.keyboard.press("Enter")
    await region.filter(has_text="Placed Red at column 479").wait_for()


async def test_an_offline_board_looks_stale_everywhere(
    server: RunningServer, link: Link, open_board: OpenBoard, complaints: Complaints
) -> None:
    """The minimap too; and it is as it was when the network is back."""
    board = await open_board("#450,450,16", url=link.url)
    minimap = board.get("minimap")
    assert await minimap.get_attribute("data-stale") == "false"
    with complaints.outage():
        await link.cut()
        await board.wait_for_mode("offline")
        await board.page.locator('[data-testid=minimap][data-stale="true"]').wait_for()
        assert "grayscale" in await minimap.locator("canvas").evaluate("one => getComputedStyle(one).filter")
        await link.restore()
        await board.wait_for_mode("live", 30)
    await board.page.locator('[data-testid=minimap][data-stale="false"]').wait_for()
    await board.wait_until_equal(server.url)


async def test_the_details_of_the_status(server: RunningServer, open_board: OpenBoard) -> None:
    """Round trip with its history, people online, pixels a minute."""
    board, _ = await open_board(), await open_board()
    async with PixelsClient(server.url) as script:
        await script.draw([(440 + i, 440, 5) for i in range(12)])
    await board.get("status").click()
    graph = board.get("latency-graph")

    async def measured_twice() -> bool:
        return "between" in (await graph.get_attribute("aria-label") or "")

    await eventually(measured_twice, "the graph has a history", 30)
    assert await graph.locator("path.line").count() == 1

    async def counted() -> bool:
        text = await board.get("pixels-per-minute").inner_text()
        return text.isdigit() and int(text) >= 12

    await eventually(counted, "the page says how many pixels a minute", 40)
    assert " ms" in await board.get("status-details").inner_text()
    assert "online" in await board.get("status").inner_text()


async def test_a_click_that_closes_the_details_paints_nothing(server: RunningServer, open_board: OpenBoard) -> None:
    """The next one does."""
    before = await truth_of(server.url)
    board = await open_board()
    await board.get("status").click()
    await board.get("status-details").wait_for()
    await board.place(460, 470)
    await board.get("status-details").wait_for(state="hidden")
    await board.place(462, 470)
    truth = await board.wait_until_equal(server.url)
    assert set(truth.since(before)) == {(462, 470)}
