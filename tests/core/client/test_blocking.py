from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixels_core import BlockingClient, PlacementRejected, ReasonCode, ServerUnreachable, connect
from pixels_core.client.pixels_client import ClientOptions
from pixels.cluster.program import free_port
from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("blocking"), width="40", height="30") as running:
        yield running


def test_a_script_without_asyncio(server: RunningServer) -> None:
    with connect(server.url, name="Ada") as canvas:
        placed = canvas.place(3, 4, "#ff4500")
        assert placed.seq >= 1
        assert canvas.wait_until(lambda: canvas.seq >= placed.seq, 10)
        assert canvas.color_at(3, 4) == canvas.palette.resolve("#ff4500")
        report = canvas.draw([(x, 10, 12) for x in range(20)])
        assert report.placed == 20
        assert canvas.wait_until(lambda: canvas.canvas.checksum == canvas.checksum, 10)
        assert canvas.user
    assert [thread for thread in threading.enumerate() if thread.name == "pixels-client"] == []


def test_the_canvas_is_a_copy(server: RunningServer) -> None:
    with connect(server.url) as canvas:
        copy = canvas.canvas
        copy.set(0, 9)
        assert canvas.color_at(0, 0) != 9


def test_errors_come_where_they_are_expected(server: RunningServer) -> None:
    with connect(server.url) as canvas, pytest.raises(PlacementRejected) as refused:
        canvas.place(40, 0, 1)
    assert refused.value.code is ReasonCode.OUT_OF_BOUNDS


def test_a_condition_cannot_wait_for_its_own_client(server: RunningServer) -> None:
    with connect(server.url) as canvas, pytest.raises(RuntimeError, match="cannot wait for its own client"):
        canvas.wait_until(lambda: canvas.place(1, 1, 1).seq > 0)


def test_changes_of_others_can_be_followed(server: RunningServer) -> None:
    with connect(server.url) as watcher, connect(server.url) as painter:
        changes = watcher.changes()
        seen: list[tuple[int, int, int]] = []

        def watch() -> None:
            change = next(changes)
            seen.append((change.x, change.y, change.color))

        watching = threading.Thread(target=watch)
        watching.start()
        painter.wait_until(lambda: painter_is_heard(watcher), 0.2)
        painter.place(7, 8, 21)
        watching.join(10)
        changes.close()  # type: ignore[attr-defined]
        assert seen == [(7, 8, 21)]


def painter_is_heard(_watcher: BlockingClient) -> bool:
    """Never: it gives the watcher a moment to begin."""
    return False


def test_without_a_server_the_block_is_never_entered(tmp_path: Path) -> None:
    options = ClientOptions(give_up_s=0.1)
    with pytest.raises(ServerUnreachable), connect(f"http://127.0.0.1:{free_port()}", options=options):
        pytest.fail(f"there is no server for {tmp_path}")
    assert [thread for thread in threading.enumerate() if thread.name == "pixels-client"] == []
