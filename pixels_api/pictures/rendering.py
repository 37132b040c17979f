"""From bytes to pictures. Pure functions that take their time: run them in a thread."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from pixels_core.adapters.pictures.picture import encode
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.errors import ClientFault, ReasonCode

JPEG_MAX_SIDE = 65_500
"""The format has 16 bits for a side; libjpeg stops a little earlier."""


class PictureFormat(StrEnum):
    """The formats a canvas is exported in."""

    PNG = "png"
    JPEG = "jpeg"

    @property
    def media_type(self) -> str:
        """The format's name in `Content-Type`."""
        return f"image/{self}"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn: a region of the canvas, each pixel `scale` wide and high."""

    format: PictureFormat
    region: Rect
    scale: int
    colors: bytes
    """Red, green and blue of each slot."""
    pixels: bytes
    """The region's slots, row by row."""

    @property
    def etag(self) -> str:
        """A strong tag of all that decides about the picture: equal tags, equal pictures."""
        head = f"{self.format}:{self.region}:{self.scale}:".encode()
        return f'"{hashlib.blake2b(head + self.colors + self.pixels, digest_size=16).hexdigest()}"'

    def render(self) -> bytes:
        """Return the picture's file: a PNG keeps the palette and so stays small."""
        return encode(self.pixels, self.region.width, self.colors, self.scale, jpeg=self.format is PictureFormat.JPEG)


def cut(pixels: bytes, size: Size, region: Rect) -> bytes:
    """Return the bytes of a region, row by row."""
    if region == size.rect:
        return pixels
    first = region.y * size.width + region.x
    starts = range(first, first + region.height * size.width, size.width)
    return b"".join(pixels[start : start + region.width] for start in starts)


def region_of(size: Size, x: int, y: int, width: int | None, height: int | None) -> Rect:
    """Return the rectangle asked for, by default from (x, y) to the end; raises ClientFault `out_of_bounds`."""
    size.cell(x, y)
    wanted = Rect(x, y, size.width - x if width is None else width, size.height - y if height is None else height)
    if size.clip(wanted) != wanted:
        raise ClientFault(
            f"The region reaches beyond the {size.width} by {size.height} canvas.", ReasonCode.OUT_OF_BOUNDS
        )
    return wanted


def check_scale(region: Rect, scale: int, form: PictureFormat, max_scale: int, max_pixels: int) -> None:
    """Raise ClientFault `malformed` for a scale that is not allowed, `too_large` for a picture that is too big."""
    if not 1 <= scale <= max_scale:
        raise ClientFault(f"The scale is a whole number from 1 to {max_scale}.")
    if region.width * region.height * scale * scale > max_pixels:
        raise ClientFault(f"A picture has at most {max_pixels} pixels; choose a smaller scale.", ReasonCode.TOO_LARGE)
    if form is PictureFormat.JPEG and max(region.width, region.height) * scale > JPEG_MAX_SIDE:
        raise ClientFault(f"A side of a JPEG has at most {JPEG_MAX_SIDE} pixels.", ReasonCode.TOO_LARGE)
