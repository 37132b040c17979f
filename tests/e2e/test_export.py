"""Pictures from the page: every pixel of the file is what the server holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from pixels_core.canvas.palette import CURATED, parse_hex
from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.board import Board
from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import Truth
from tests.support.server import RunningServer


@pytest.fixture
def server(own_server: RunningServer) -> RunningServer:
    """A server of the test's own."""
    return own_server


async def _save(board: Board, folder: Path) -> Image.Image:
    async with board.page.expect_download() as started:
        await board.get("export-save").click()
    download = await started.value
    path = folder / download.suggested_filename
    await download.save_as(path)
    assert path.suffix == ".png"
    await board.get("export-result").filter(has_text="Saved as").wait_for()
    return Image.open(path).convert("RGB")


def _same(picture: Image.Image, truth: Truth, left: int, top: int, scale: int) -> bool:
    colors = [parse_hex(swatch.hex) for swatch in CURATED]
    return all(
        picture.getpixel((x * scale + dx, y * scale + dy)) == colors[truth.color_at(left + x, top + y)]
        for x in range(0, picture.width // scale, 3)
        for y in range(0, picture.height // scale, 3)
        for dx, dy in ((0, 0), (scale - 1, scale - 1))
    )


async def test_view_region_and_canvas(server: RunningServer, open_board: OpenBoard, tmp_path: Path) -> None:
    """At the scale one chooses."""
    async with PixelsClient(server.url) as script:
        await script.draw([(440 + i % 20, 445 + i // 20, 1 + i % 31) for i in range(180)])
    board = await open_board("#450,450,20")
    truth = await board.wait_until_equal(server.url)
    await board.get("export").click()
    left, top, width, height = [
        int(await board.get(f"export-{field}").input_value()) for field in ("x", "y", "width", "height")
    ]
    assert 60 <= width <= 66
    assert left < 450 < left + width
    await board.get("export-scale").fill("3")
    view = await _save(board, tmp_path)
    assert view.size == (width * 3, height * 3)
    assert _same(view, truth, left, top, 3)

    await board.get("export-kind-region").check()
    for field, value in {"x": 440, "y": 445, "width": 20, "height": 9}.items():
        await board.get(f"export-{field}").fill(str(value))
    await board.get("export-scale").fill("16")
    region = await _save(board, tmp_path)
    assert region.size == (320, 144)
    assert _same(region, truth, 440, 445, 16)

    await board.get("export-kind-canvas").check()
    await board.get("export-scale").fill("1")
    whole = await _save(board, tmp_path)
    assert whole.size == (900, 900)
    assert _same(whole, truth, 0, 0, 1)
