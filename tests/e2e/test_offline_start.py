"""The page opens without a network after one visit, and an update arrives all the same."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.build import BUILT
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import OpenBoard, OpenContext
from tests.e2e.waiting import eventually
from tests.support.server import RunningServer, running_server

PATIENCE = 30.0
KEPT = """
async () => {
  const urls = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
  return urls;
}
"""
ENTRY = re.compile(r"assets/index-[\w-]{8}\.js")
MARK = "document.documentElement.dataset.build = 'second';\n"


@pytest.fixture
def served(built_client: None, tmp_path: Path) -> Path:  # noqa: ARG001
    """A copy of the built client that a test may change."""
    return Path(shutil.copytree(BUILT.parent, tmp_path / "dist"))


@pytest.fixture
def server(served: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A server of the test's own, with that copy."""
    with running_server(tmp_path / "data", client_dir=str(served)) as server:
        yield server


async def _visit(open_board: OpenBoard) -> Board:
    """Open the page and wait until it is kept."""
    board = await open_board(service_workers="allow")
    await board.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return board


async def _cut(board: Board, server: RunningServer) -> None:
    await board.page.context.set_offline(True)
    await asyncio.to_thread(server.kill9)


async def _mend(board: Board, server: RunningServer) -> None:
    await asyncio.to_thread(server.start)
    await board.page.context.set_offline(False)


async def test_a_page_opened_without_a_network(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SYNC-1] It opens, says that it is offline, has its sheets, and is live by itself when the network is back."""
    board = await _visit(open_board)
    with complaints.outage():
        await _cut(board, server)
        await board.page.reload()
        await board.wait_for_mode("offline", PATIENCE)
        assert "You are offline" in await board.get("curtain").inner_text()
        assert "Offline" in await board.get("status").inner_text()
        await board.get("help").click()
        await board.get("help-sheet").wait_for()
        await board.page.keyboard.press("Escape")
        await _mend(board, server)
        await board.wait_for_mode("live", PATIENCE)
    async with PixelsClient(server.url) as script:
        await script.place(450, 450, 6)
    truth = await board.wait_until_equal(server.url)
    assert truth.color_at(450, 450) == 6
    assert not await board.get("curtain").is_visible()


async def test_a_page_opened_without_a_server(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SYNC-1] The browser has a network, the server is away: the page is there and tries again by itself."""
    board = await _visit(open_board)
    with complaints.outage():
        await asyncio.to_thread(server.kill9)
        await board.page.reload()
        await board.wait_for_mode("offline", PATIENCE)
        assert "cannot be reached" in await board.get("curtain").inner_text()
        await asyncio.to_thread(server.start)
        await board.wait_for_mode("live", PATIENCE)
    await board.wait_until_equal(server.url)


async def test_only_the_pages_own_files_are_kept(
    server: RunningServer, open_board: OpenBoard, complaints: Complaints
) -> None:
    """[SYNC-1] Neither the canvas nor anything else of the API: after a reload the page has what others placed."""
    board = await _visit(open_board)
    async with PixelsClient(server.url) as script:
        await script.draw([(440 + i, 440, 5) for i in range(8)])
    await board.page.reload()
    await board.wait_for_mode("live")
    await board.wait_until_equal(server.url)
    paths = {urlsplit(url).path for url in await board.page.evaluate(KEPT)}
    assert "/" in paths
    assert all(path == "/" or path.startswith("/assets/") for path in paths)
    assert {path for path in paths if path.endswith(".css")}
    assert not complaints.found


async def test_an_update_arrives_with_the_next_visit(
    server: RunningServer, served: Path, open_board: OpenBoard, complaints: Complaints
) -> None:
    """The first load after it is of the new build; and so is what opens without a network from then on."""
    board = await _visit(open_board)
    _make_another_build(served)
    with complaints.outage():
        await asyncio.to_thread(server.restart)
        await board.wait_for_mode("live", PATIENCE)
    await board.page.reload()
    await board.wait_for_mode("live")
    assert await _build(board) == "second"

    async def only_the_new_one_is_kept() -> bool:
        text = " ".join(await board.page.evaluate(KEPT))
        return "SECOND__" in text and len(ENTRY.findall(text)) == 1

    await eventually(only_the_new_one_is_kept, "the new build is kept in place of the old one", PATIENCE)
    with complaints.outage():
        await _cut(board, server)
        await board.page.reload()
        await board.wait_for_mode("offline", PATIENCE)
        assert await _build(board) == "second"
        await board.page.context.close()  # before the end of the outage: it tries to connect for ever


def _make_another_build(folder: Path) -> None:
    """Give the entry other contents and so another name, everywhere; make the old files disappear."""
    entry = ENTRY.search((folder / "index.html").read_text())
    assert entry
    new = "assets/index-SECOND__.js"
    (folder / new).write_text(MARK + (folder / entry[0]).read_text())
    (folder / entry[0]).unlink()
    for path in (folder / "index.html", folder / "sw.js", *(folder / "assets").glob("*.js")):
        text = path.read_text()
        path.write_text(text.replace(entry[0], new).replace(Path(entry[0]).name, Path(new).name))
    worker = folder / "sw.js"
    worker.write_text(re.sub(r'"id":"[0-9a-f]+"', '"id":"5ec04d"', worker.read_text()))


async def _build(board: Board) -> str | None:
    return await board.page.evaluate("document.documentElement.dataset.build ?? null")  # type: ignore[no-any-return]


async def test_without_service_workers_nothing_is_missing(server: RunningServer, open_context: OpenContext) -> None:
    """Where the browser has none (plain http, some private windows) the page works as it did."""
    context = await open_context()
    await context.add_init_script("delete Navigator.prototype.serviceWorker;")
    board = Board(await context.new_page(), server.url)
    await board.open("#450,450,8")
    assert await board.page.evaluate("'serviceWorker' in navigator") is False
    await board.choose(6)
    await board.place(450, 450)
    truth = await board.wait_until_equal(server.url)
    assert truth.color_at(450, 450) == 6
