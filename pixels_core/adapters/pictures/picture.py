"""The canvas as a picture file, and pictures as what is to be drawn."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import MAX_SIDE, Rect
from pixels_core.canvas.palette import Palette
from pixels_core.errors import ConfigurationError

JPEG_QUALITY = 90


class PictureKind(StrEnum):
    """The files a canvas can be exported to."""

    PNG = "png"
    JPG = "jpg"


def kind_of(file: Path) -> PictureKind:
    """Return the kind that a file's name asks for; raises ConfigurationError for any other than .png and .jpg."""
    match file.suffix.lower():
        case ".png":
            return PictureKind.PNG
        case ".jpg" | ".jpeg":
            return PictureKind.JPG
        case _:
            raise ConfigurationError(f"{file.name} must end in .png or .jpg.")


def render(canvas: Canvas, palette: Palette, kind: PictureKind, region: Rect | None = None, scale: int = 1) -> bytes:
    """Return the picture file of a canvas, or of a region on it, each pixel `scale` wide and high.

    Raises ClientFault `out_of_bounds` where the region lies outside the canvas; what sticks out is cut off.
    """
    rect = canvas.size.clip(region or canvas.size.rect)
    return encode(canvas.region(rect), rect.width, palette_bytes(palette), scale, jpeg=kind is PictureKind.JPG)


def palette_bytes(palette: Palette) -> bytes:
    """Return red, green and blue of every slot, in order."""
    return bytes(channel for color in palette.colors for channel in color)


def encode(pixels: bytes, width: int, colors: bytes, scale: int, *, jpeg: bool) -> bytes:
    """Return the picture file of slots, row by row; a PNG keeps the palette and so stays small.

    Args:
        pixels: the slots.
        width: how many make a row.
        colors: red, green and blue of each slot.
        scale: how many pixels wide and high a slot is drawn.
        jpeg: make a JPEG, else a PNG.
    """
    size = (width, len(pixels) // width)
    image = Image.frombytes("P", size, pixels)
    image.putpalette(colors)
    if scale > 1:
        image = image.resize((size[0] * scale, size[1] * scale), Image.Resampling.NEAREST)
    file = BytesIO()
    if jpeg:
        # Full colour resolution: halving it (the default) smears single pixels into their neighbours.
        image.convert("RGB").save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    else:
        image.save(file, "PNG")
    return file.getvalue()


def read_picture(file: Path, width: int | None = None) -> Image.Image:
    """Read a picture, the right way up, as RGBA; `width` scales it. Raises ConfigurationError."""
    try:
        with Image.open(file) as image:
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except UnidentifiedImageError:
        raise ConfigurationError(f"{file} is not a picture.") from None
    except Image.DecompressionBombError:
        raise ConfigurationError(f"{file} is far too large a picture.") from None
    except (OSError, SyntaxError, ValueError) as problem:  # Pillow's readers raise all three for damaged files
        raise ConfigurationError(f"Cannot read {file}: {getattr(problem, 'strerror', None) or problem}.") from None
    if width is not None:
        height = max(1, round(upright.height * width / upright.width))
        if height > MAX_SIDE:
            raise ConfigurationError(f"At a width of {width} the picture would be {height} pixels high.")
        upright = upright.resize((width, height), Image.Resampling.LANCZOS)
    return upright
