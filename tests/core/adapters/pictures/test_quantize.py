from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixels_core.adapters.pictures.quantize import NearestColor, quantize
from pixels_core.canvas.palette import Palette

PALETTE = Palette()
NEAREST = NearestColor(PALETTE)
channel = st.integers(0, 255)


@given(st.tuples(channel, channel, channel))
def test_the_fast_search_finds_what_the_plain_one_finds(rgb: tuple[int, int, int]) -> None:
    assert NEAREST(rgb) == PALETTE.nearest(rgb)


def test_the_palettes_own_colours_stay() -> None:
    assert [PALETTE.colors[NEAREST(rgb)] for rgb in PALETTE.colors] == list(PALETTE.colors)


def test_transparent_pixels_are_left_out() -> None:
    image = Image.new("RGBA", (3, 2), (255, 69, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 127))
    image.putpixel((2, 1), (0, 0, 0, 128))
    for dither in (False, True):
        pixels = quantize(image, PALETTE, dither=dither)
        assert (1, 0) not in {pixel[:2] for pixel in pixels}
        assert len(pixels) == 5
        assert (0, 0, 7) in pixels


def test_dithering_keeps_the_mean() -> None:
    grey = Image.new("RGBA", (40, 40), (0x75, 0x75, 0x75, 255))
    plain = {color for _, _, color in quantize(grey, PALETTE)}
    mixed = [PALETTE.colors[color] for _, _, color in quantize(grey, PALETTE, dither=True)]
    assert len(plain) == 1
    assert len(set(mixed)) > 1
    for axis in range(3):
        mean = sum(rgb[axis] for rgb in mixed) / len(mixed)
        assert abs(mean - 0x75) < 3
