"""Colours: the swatches, the recent ones, and any other."""

from __future__ import annotations

from pixels_core.canvas.palette import CURATED
from tests.e2e.conftest import OpenBoard
from tests.e2e.truth import truth_of
from tests.e2e.views import put_the_hint_away
from tests.support.server import RunningServer


async def test_swatches_have_names(open_board: OpenBoard) -> None:
    """All 32; what is chosen is said in words and as hex."""
    board = await open_board()
    for slot, swatch in enumerate(CURATED):
        assert await board.get(f"swatch-{slot}").get_attribute("aria-label") == swatch.name
    await board.choose(18)
    text = await board.get("palette").inner_text()
    assert CURATED[18].name in text
    assert CURATED[18].hex in text


async def test_the_side_is_remembered(open_board: OpenBoard) -> None:
    """Left of everything, also after a reload; then right again."""
    board = await open_board()
    for side in ("left", "right"):
        await board.get("palette-side").click()
        await board.page.reload()
        await board.wait_for_mode("live")
        assert await board.get("palette-side").get_attribute("data-side") == side
        box = await board.get("palette").bounding_box()
        assert box
        assert (box["x"] < 400) is (side == "left")


async def test_recent_colours(open_board: OpenBoard) -> None:
    """The last one first, remembered, and one click away."""
    board = await open_board()
    for slot in (3, 9, 14):
        await board.choose(slot)
    await board.page.reload()
    await board.wait_for_mode("live")
    recent = board.get("recent-colors").get_by_role("button")
    assert [await one.get_attribute("data-slot") for one in await recent.all()][:3] == ["14", "9", "3"]
    await recent.nth(2).click()
    assert await board.is_pressed("swatch-3")


async def test_a_custom_colour(server: RunningServer, open_board: OpenBoard) -> None:
    """It snaps, says to what, and that is what is placed; one that the palette has is the palette's."""
    before = await truth_of(server.url)
    board = await open_board("#650,650,16")
    await put_the_hint_away(board)
    await board.get("custom-color").click()
    await board.get("custom-hex").fill("#3343c7")
    snapped = board.get("snapped-color")
    assert await snapped.get_attribute("data-hex") == "#3333cc"
    slot = int(await snapped.get_attribute("data-slot") or -1)
    assert "#3333cc is the nearest" in await board.get("custom-color-sheet").inner_text()
    await board.get("use-color").click()
    await board.place(650, 650)
    truth = await board.wait_until_equal(server.url)
    assert truth.since(before) == {(650, 650): slot}
    await board.get("custom-color").click()
    await board.get("custom-hex").fill("FF4500")
    assert "Red of the palette" in await board.get("custom-color-sheet").inner_text()
    await board.get("use-color").click()
    assert await board.is_pressed("swatch-7")


async def test_the_picker_follows_the_keyboard(open_board: OpenBoard) -> None:
    """One needs no pointer to mix a colour."""
    board = await open_board()
    await board.get("custom-color").click()
    await board.get("custom-color-sheet").get_by_role("slider", name="Hue").focus()
    before = await board.get("custom-hex").input_value()
    for _ in range(8):
        await board.page.keyboard.press("ArrowRight")
    assert await board.get("custom-hex").input_value() != before


async def test_signs_on_swatches(open_board: OpenBoard) -> None:
    """For eyes that see colours alike."""
    board = await open_board()
    await board.get("settings").click()
    await board.get("setting-signs").check()
    await board.page.keyboard.press("Escape")
    texts = [(await board.get(f"swatch-{slot}").inner_text()).strip() for slot in range(len(CURATED))]
    assert all(texts)
    assert len(set(texts)) == len(CURATED)


async def test_a_drag_that_ends_beside_the_sheet_keeps_it(open_board: OpenBoard) -> None:
    """Pulling the picker to its edge, or selecting a text, closes nothing; a click beside the sheet does."""
    board = await open_board()
    mouse = board.page.mouse
    beside = (20, 400)
    for opener, sheet, inside in (
        ("custom-color", "custom-color-sheet", ".react-colorful__saturation"),
        ("session", "session-sheet", "[data-testid=name-input]"),
    ):
        await board.get(opener).click()
        await board.page.locator(inside).hover()
        await mouse.down()
        await mouse.move(*beside, steps=4)
        await mouse.up()
        assert await board.get(sheet).is_visible(), opener
        await mouse.click(*beside)
        await board.get(sheet).wait_for(state="hidden")
