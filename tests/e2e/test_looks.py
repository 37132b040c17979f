"""The page in both colour schemes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from pixels_core.client.pixels_client import PixelsClient
from tests.e2e.conftest import DESKTOP, OpenBoard
from tests.e2e.fingers import PHONE
from tests.support.server import RunningServer

DARK_BELOW, LIGHT_ABOVE = 110, 150


def _brightness(picture: bytes) -> float:
    return ImageStat.Stat(Image.open(io.BytesIO(picture)).convert("L")).mean[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_both_colour_schemes_render(
    server: RunningServer, open_board: OpenBoard, tmp_path: Path, scheme: str, device: dict[str, Any]
) -> None:
    """The panels follow the system's scheme; the canvas keeps its colours."""
    async with PixelsClient(server.url) as script:
        await script.draw([(430 + i % 40, 430 + i // 40, 1 + i % 31) for i in range(160)])
    board = await open_board("#450,435,8", **{**device, "color_scheme": scheme})
    await board.wait_until_equal(server.url)
    await board.get("hint").get_by_role("button").click()
    await board.page.screenshot(path=tmp_path / f"{scheme}.png")
    pill = _brightness(await board.get("status").screenshot())
    assert pill < DARK_BELOW if scheme == "dark" else pill > LIGHT_ABOVE
    colors = {await board.color_on_screen(await board.point(x, 431)) for x in range(445, 453)}
    assert len(colors) == 8, "neighbouring cells have their own colours"


async def test_an_empty_canvas_says_how_to_begin(own_server: RunningServer, open_board: OpenBoard) -> None:
    """A first visit gets hints; the first pixel takes them away, for good."""
    board = await open_board(url=own_server.url)
    await board.get("empty").wait_for()
    await board.get("hint").wait_for()
    lines = (await board.get("hint").locator("ul").inner_text()).splitlines()
    assert len([line for line in lines if line.strip()]) == 3
    await board.place(450, 450)
    await board.get("empty").wait_for(state="hidden")
    await board.get("hint").wait_for(state="hidden")
    await board.page.reload()
    await board.wait_for_mode("live")
    assert not await board.get("hint").is_visible()


async def test_nothing_turns_for_those_who_want_no_motion(open_board: OpenBoard) -> None:
    """Spinners stand still; going round and round in no time they would flicker."""
    board = await open_board()
    endless = await board.page.evaluate(
        "() => { const spinner = document.createElement('span'); spinner.className = 'spinner';"
        " document.body.append(spinner); document.querySelector('[data-testid=status]').dataset.mode = 'loading';"
        " return document.getAnimations().filter(one => one.effect.getTiming().iterations === Infinity).length; }"
    )
    assert endless == 0
