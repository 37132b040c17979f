"""From any colours to the palette's: nearest in OKLab, with or without dithering."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from PIL import Image

from pixels_core.canvas.oklab import Rgb, distance_squared, to_oklab
from pixels_core.canvas.palette import Palette
from pixels_core.units import Color

OPAQUE_FROM = 128
"""Pixels with less alpha than this are left out."""

Pixel = tuple[int, int, Color]
Error = tuple[float, float, float]

_NONE: Error = (0.0, 0.0, 0.0)


class NearestColor:
    """Finds what `Palette.nearest` finds, much faster, and remembers it.

    The palette is sorted by lightness; the search goes outwards from the colour's own and ends where lightness alone
    is farther away than the best found.
    """

    def __init__(self, palette: Palette) -> None:
        self._known: dict[Rgb, Color] = {}
        ranked = sorted((to_oklab(rgb), slot) for slot, rgb in enumerate(palette.colors))
        self._labs = [lab for lab, _ in ranked]
        self._slots = [slot for _, slot in ranked]
        self._lightness = [lab[0] for lab in self._labs]

    def __call__(self, rgb: Rgb) -> Color:
        """Return the slot that looks closest, the lowest of equals."""
        slot = self._known.get(rgb)
        if slot is None:
            slot = self._known[rgb] = self._search(rgb)
        return slot

    def _search(self, rgb: Rgb) -> Color:
        lab = to_oklab(rgb)
        start = bisect_left(self._lightness, lab[0])
        best, slot = self._walk(lab, range(start, len(self._labs)), (4.0, len(self._labs)))
        return self._walk(lab, range(start - 1, -1, -1), (best, slot))[1]

    def _walk(self, lab: tuple[float, float, float], places: range, best: tuple[float, int]) -> tuple[float, int]:
        for place in places:
            if (self._lightness[place] - lab[0]) ** 2 > best[0]:
                break
            best = min(best, (distance_squared(lab, self._labs[place]), self._slots[place]))
        return best


def quantize(image: Image.Image, palette: Palette, *, dither: bool = False) -> list[Pixel]:
    """Return the opaque pixels of an RGBA picture as (x, y, slot), row by row.

    Args:
        image: in mode RGBA.
        palette: the colours there are.
        dither: spread what a slot is off onto the neighbours (Floyd and Steinberg 1976): smooth from a distance,
            grainy from near.
    """
    nearest = NearestColor(palette)
    if dither:
        return list(_dithered(image, palette, nearest))
    return [(x, y, nearest(rgb)) for x, y, rgb in _opaque(image)]


def _rows(image: Image.Image) -> Iterator[list[tuple[Rgb, int]]]:
    data, stride = image.tobytes(), image.width * 4
    for start in range(0, len(data), stride):
        row = data[start : start + stride]
        yield [((row[i], row[i + 1], row[i + 2]), row[i + 3]) for i in range(0, stride, 4)]


def _opaque(image: Image.Image) -> Iterator[tuple[int, int, Rgb]]:
    for y, row in enumerate(_rows(image)):
        for x, (rgb, alpha) in enumerate(row):
            if alpha >= OPAQUE_FROM:
                yield x, y, rgb


def _dithered(image: Image.Image, palette: Palette, nearest: NearestColor) -> Iterator[Pixel]:
    below: list[Error] = [_NONE] * (image.width + 2)  # errors of the next row, one cell wider at either end
    for y, row in enumerate(_rows(image)):
        here, below = below, [_NONE] * (image.width + 2)
        carried = _NONE
        for x, (rgb, alpha) in enumerate(row):
            if alpha < OPAQUE_FROM:
                carried = _NONE  # nothing flows across a hole
                continue
            wanted = _wanted(rgb, here[x + 1], carried)
            slot = nearest(wanted)
            yield x, y, slot
            shown = palette.colors[slot]
            error = (wanted[0] - shown[0], wanted[1] - shown[1], wanted[2] - shown[2])
            carried = _part(error, 7 / 16, _NONE)
            below[x] = _part(error, 3 / 16, below[x])
            below[x + 1] = _part(error, 5 / 16, below[x + 1])
            below[x + 2] = _part(error, 1 / 16, below[x + 2])


def _wanted(rgb: Rgb, one: Error, other: Error) -> Rgb:
    red, green, blue = (
        min(255, max(0, round(channel + first + second)))
        for channel, first, second in zip(rgb, one, other, strict=True)
    )
    return red, green, blue


def _part(error: tuple[int, int, int], share: float, onto: Error) -> Error:
    return onto[0] + error[0] * share, onto[1] + error[1] * share, onto[2] + error[2] * share
