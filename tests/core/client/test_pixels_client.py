from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixels_core.client.pixels_client import Change, ClientOptions, PixelsClient, Placed
from pixels_core.errors import ClientFault, PlacementRejected, ReasonCode, ServerUnreachable
from tests.support.server import RunningServer, running_server

SETTINGS = {"width": "32", "height": "24", "user_rate": "1000", "user_burst": "1000", "address_rate": "5000"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("client"), **SETTINGS) as running:
        yield running


async def test_a_pixel_placed_is_on_every_canvas(server: RunningServer) -> None:
    async with PixelsClient(server.url, name="painter") as painter, PixelsClient(server.url) as viewer:
        placed = await painter.place(3, 4, "#ff4500")
        assert placed == Placed(placed.seq)
        assert painter.color_at(3, 4) == 7
        assert await viewer.wait_until(lambda: viewer.seq >= placed.seq, 10)
        assert viewer.canvas.get(viewer.canvas.size.cell(3, 4)) == 7
        assert (viewer.checksum, viewer.epoch) == (painter.checksum, painter.epoch)
        assert (painter.state.you.name, painter.degraded, painter.live) == ("painter", False, True)


async def test_a_refusal_has_its_reason(server: RunningServer) -> None:
    async with PixelsClient(server.url) as client:
        with pytest.raises(PlacementRejected) as refusal:
            await client.place(32, 0, 3)
        assert refusal.value.code is ReasonCode.OUT_OF_BOUNDS
        with pytest.raises(ClientFault):
            await client.place(0, 0, "#123456")
        with pytest.raises(ClientFault):
            client.color_at(32, 0)


async def test_changes_of_others_arrive(server: RunningServer) -> None:
    async with PixelsClient(server.url) as painter, PixelsClient(server.url) as viewer:
        changes = viewer.changes()
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        await painter.place(9, 9, 12)
        assert await asyncio.wait_for(waiting, 10) == Change(9, 9, 12)
        await changes.aclose()


async def test_a_session_can_be_taken_up_again(server: RunningServer) -> None:
    async with PixelsClient(server.url, name="same") as first:
        user, token = first.user, first.token
    async with PixelsClient(server.url, token=token) as second:
        assert (second.user, second.state.you.name) == (user, "same")


async def test_drawing_twice_does_nothing_the_second_time(server: RunningServer) -> None:
    pixels = [(x, y, 5) for y in range(12, 20) for x in range(20)]
    async with PixelsClient(server.url) as client:
        first = await client.draw(pixels)
        second = await client.draw(pixels)
        assert (first.placed, second.placed, second.unchanged) == (160, 0, 160)
        assert client.canvas.get(client.canvas.size.cell(19, 19)) == 5


async def test_a_client_before_its_connection(server: RunningServer) -> None:
    client = PixelsClient(server.url)
    with pytest.raises(ServerUnreachable):
        _ = client.canvas
    with pytest.raises(ServerUnreachable):
        _ = client.state
    with pytest.raises(ClientFault):
        async with PixelsClient(server.url, canvas="nowhere"):
            pass
    async with client:
        pass


@pytest.mark.slow
async def test_a_server_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """[SYNC-2] [SYNC-5] [SYNC-6] Drawing goes on after a power cut, and every acknowledged pixel is there."""
    pixels = [(x, y, 1 + (x + y) % 9) for y in range(24) for x in range(32)]
    with running_server(tmp_path, **SETTINGS) as server:
        options = ClientOptions(heartbeat_ms=500)
        async with PixelsClient(server.url) as painter, PixelsClient(server.url, options=options) as viewer:
            drawing = asyncio.create_task(painter.draw(pixels, rate=600))
            assert await painter.wait_until(lambda: painter.seq > 50, 20)
            await asyncio.to_thread(server.kill9)
            await asyncio.to_thread(server.restart)
            report = await asyncio.wait_for(drawing, 60)
            assert (report.placed + report.unchanged, report.rejected.total()) == (len(pixels), 0)
            assert await viewer.wait_until(lambda: viewer.live and viewer.seq == painter.seq, 30)
            size = painter.canvas.size
            assert all(viewer.canvas.get(size.cell(x, y)) == color for x, y, color in pixels)
            assert viewer.checksum == painter.checksum
            for client in (painter, viewer):
                assert (client.statistics.gaps, client.statistics.mismatches, client.statistics.duplicates) == (
                    0,
                    0,
                    0,
                )
