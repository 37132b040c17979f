"""Pictures, pixel by pixel."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixels_api.pictures.rendering import Picture, PictureFormat, check_scale, cut, region_of
from pixels_core.adapters.pictures.picture import palette_bytes
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.canvas.palette import COLOR_COUNT, Palette, Swatch
from pixels_core.errors import ClientFault, ReasonCode

COLORS = palette_bytes(Palette())


@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
def test_a_png_is_the_region(data: st.DataObject, width: int, height: int, scale: int) -> None:
    """[API-3] Every pixel of the picture has its cell's colour, at every scale."""
    pixels = bytes(
        data.draw(st.lists(st.integers(0, COLOR_COUNT - 1), min_size=width * height, max_size=width * height))
    )
    file = Picture(PictureFormat.PNG, Rect(0, 0, width, height), scale, COLORS, pixels).render()
    with Image.open(BytesIO(file)) as image:
        assert image.mode == "P"
        assert image.size == (width * scale, height * scale)
        shown = image.convert("RGB")
    colors = Palette().colors
    for y in range(height * scale):
        for x in range(width * scale):
            assert shown.getpixel((x, y)) == colors[pixels[y // scale * width + x // scale]]


def test_a_jpeg_is_near_the_region() -> None:
    """[API-3] JPEG cannot be exact: in even areas it is within a few steps of the colour."""
    file = Picture(PictureFormat.JPEG, Rect(0, 0, 1, 1), 16, COLORS, bytes([7])).render()
    with Image.open(BytesIO(file)) as image:
        assert image.format == "JPEG"
        assert image.size == (16, 16)
        shown = image.getpixel((8, 8))
    assert isinstance(shown, tuple)
    assert all(abs(one - other) <= 4 for one, other in zip(shown, Palette().colors[7], strict=True))


def test_a_tag_stands_for_one_picture() -> None:
    """[API-2] Whatever changes the picture changes its tag."""
    picture = Picture(PictureFormat.PNG, Rect(0, 0, 2, 2), 1, COLORS, bytes(4))
    edited = palette_bytes(Palette().edited({0: Swatch("#fffffe", "Nearly white")}))
    others = [
        replace(picture, format=PictureFormat.JPEG),
        replace(picture, region=Rect(0, 0, 4, 1)),
        replace(picture, scale=2),
        replace(picture, colors=edited),
        replace(picture, pixels=bytes([0, 0, 0, 1])),
    ]
    assert len({picture.etag, *(other.etag for other in others)}) == 6
    assert replace(picture).etag == picture.etag


def test_regions() -> None:
    size = Size(20, 10)
    assert region_of(size, 0, 0, None, None) == size.rect
    assert region_of(size, 5, 6, None, None) == Rect(5, 6, 15, 4)
    assert region_of(size, 19, 9, 1, 1) == Rect(19, 9, 1, 1)


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ((-1, 0, None, None), ReasonCode.OUT_OF_BOUNDS),
        ((20, 0, None, None), ReasonCode.OUT_OF_BOUNDS),
        ((0, 0, 21, 1), ReasonCode.OUT_OF_BOUNDS),
        ((10, 0, 11, 1), ReasonCode.OUT_OF_BOUNDS),
        ((0, 0, 10**30, 10**30), ReasonCode.OUT_OF_BOUNDS),
        ((10**30, 0, None, None), ReasonCode.OUT_OF_BOUNDS),
        ((0, 0, 0, 1), ReasonCode.MALFORMED),
        ((0, 0, 1, -5), ReasonCode.MALFORMED),
    ],
)
def test_impossible_regions(area: tuple[int, int, int | None, int | None], code: ReasonCode) -> None:
    with pytest.raises(ClientFault) as refused:
        region_of(Size(20, 10), *area)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("region", "scale", "form", "code"),
    [
        (Rect(0, 0, 2, 2), 0, PictureFormat.PNG, ReasonCode.MALFORMED),
        (Rect(0, 0, 2, 2), -1, PictureFormat.PNG, ReasonCode.MALFORMED),
        (Rect(0, 0, 2, 2), 17, PictureFormat.PNG, ReasonCode.MALFORMED),
        (Rect(0, 0, 900, 900), 8, PictureFormat.PNG, ReasonCode.TOO_LARGE),
        (Rect(0, 0, 4096, 1), 16, PictureFormat.JPEG, ReasonCode.TOO_LARGE),
    ],
)
def test_impossible_scales(region: Rect, scale: int, form: PictureFormat, code: ReasonCode) -> None:
    with pytest.raises(ClientFault) as refused:
        check_scale(region, scale, form, 16, 40_000_000)
    assert refused.value.code is code


def test_the_widest_png_can_be_drawn() -> None:
    region = Rect(0, 0, 4096, 1)
    check_scale(region, 16, PictureFormat.PNG, 16, 40_000_000)
    file = Picture(PictureFormat.PNG, region, 16, COLORS, bytes(4096)).render()
    with Image.open(BytesIO(file)) as image:
        assert image.size == (65_536, 16)


def test_cut() -> None:
    size = Size(4, 3)
    pixels = bytes(range(12))
    assert cut(pixels, size, size.rect) is pixels
    assert cut(pixels, size, Rect(1, 1, 2, 2)) == bytes([5, 6, 9, 10])
