"""Pictures over HTTP."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from pixels_core.canvas.palette import Swatch
from pixels_core.errors import ReasonCode
from pixels_core.rules.commands import ChangePalette
from pixels_core.rules.effects import Accepted
from tests.api.conftest import Client, World, assert_problem
from tests.support.hosts import MODERATOR

PNG = "/api/canvas/main/canvas.png"
JPEG = "/api/canvas/main/canvas.jpg"


async def test_the_png_is_the_canvas(world: World, client: Client) -> None:
    """[API-3] The whole canvas, pixel by pixel, every one of the 248 colours possible."""
    for number, color in enumerate(range(0, 248, 3)):
        await world.host.place(number % 20, number // 20, color)
    answer = await client.get(PNG)
    assert answer.headers["Content-Type"] == "image/png"
    with Image.open(BytesIO(answer.content)) as image:
        assert image.tobytes() == bytes(world.host.state.canvas)
        shown = image.convert("RGB").tobytes()
    colors = world.host.state.palette.colors
    assert shown == bytes(channel for slot in bytes(world.host.state.canvas) for channel in colors[slot])


async def test_a_region_scaled(world: World, client: Client) -> None:
    """[API-3] A region is that part of the canvas, each cell as large as asked."""
    await world.host.place(5, 4, 7)
    answer = await client.get(PNG, params={"x": 4, "y": 4, "width": 3, "height": 2, "scale": 16})
    with Image.open(BytesIO(answer.content)) as image:
        assert image.size == (48, 32)
        shown = image.convert("RGB")
    red, white = (0xFF, 0x45, 0x00), (0xFF, 0xFF, 0xFF)
    assert [shown.getpixel(at) for at in ((15, 0), (16, 0), (31, 15), (32, 0), (16, 16))] == [
        white, red, red, white, white,
    ]  # fmt: skip


async def test_the_jpeg(client: Client) -> None:
    answer = await client.get(JPEG, params={"scale": 2})
    assert answer.headers["Content-Type"] == "image/jpeg"
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 20))


@pytest.mark.parametrize("url", [PNG, JPEG])
async def test_tags(world: World, client: Client, url: str) -> None:
    """[API-2] A change elsewhere keeps a region's tag; a change inside, or of the palette, does not."""
    part = {"x": 0, "y": 0, "width": 5, "height": 5}
    tag = (await client.get(url, params=part)).headers["ETag"]
    await world.host.place(10, 9, 4)
    same = await client.get(url, params=part, headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    await world.host.place(4, 4, 4)
    changed = await client.get(url, params=part, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    command = ChangePalette(actor=MODERATOR, changes={4: Swatch("#010101", "Soot")})
    assert isinstance(await world.host.execute(command), Accepted)
    recolored = await client.get(url, params=part, headers={"If-None-Match": changed.headers["ETag"]})
    assert recolored.status_code == 200
    assert recolored.headers["ETag"] not in {tag, changed.headers["ETag"]}


@pytest.mark.parametrize("url", [PNG, JPEG])
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("x=20", 400, ReasonCode.OUT_OF_BOUNDS),
        ("x=-1", 400, ReasonCode.OUT_OF_BOUNDS),
        ("y=10", 400, ReasonCode.OUT_OF_BOUNDS),
        ("width=21", 400, ReasonCode.OUT_OF_BOUNDS),
        ("x=15&width=6", 400, ReasonCode.OUT_OF_BOUNDS),
        ("width=99999999999999999999999999", 400, ReasonCode.OUT_OF_BOUNDS),
        ("width=0", 400, ReasonCode.MALFORMED),
        ("height=-2", 400, ReasonCode.MALFORMED),
        ("scale=0", 400, ReasonCode.MALFORMED),
        ("scale=17", 400, ReasonCode.MALFORMED),
        ("scale=NaN", 400, ReasonCode.MALFORMED),
        ("scale=1.5", 400, ReasonCode.MALFORMED),
        ("scale=Infinity", 400, ReasonCode.MALFORMED),
        ("scale=" + "9" * 5000, 400, ReasonCode.MALFORMED),
        ("x=1e3", 400, ReasonCode.OUT_OF_BOUNDS),
        ("x=", 400, ReasonCode.MALFORMED),
        ("x=0x10", 400, ReasonCode.MALFORMED),
    ],
)
async def test_impossible_wishes(client: Client, url: str, query: str, status: int, code: ReasonCode) -> None:
    """[API-4] Bounds and numbers are checked, with a reason code each."""
    assert_problem(await client.get(f"{url}?{query}"), status, code)


async def test_too_many_pixels(world: World) -> None:
    """[API-4] A picture beyond the limit is refused before any work."""
    world.options["max_export_pixels"] = 1000
    async with world.from_address("192.0.2.1") as client:
        assert (await client.get(PNG, params={"scale": 2})).status_code == 200
        assert_problem(await client.get(PNG, params={"scale": 3}), 413, ReasonCode.TOO_LARGE)


async def test_unknown_canvas(client: Client) -> None:
    """[API-4] Pictures of no canvas."""
    assert_problem(await client.get("/api/canvas/nope/canvas.png"), 404, ReasonCode.UNKNOWN_CANVAS)
