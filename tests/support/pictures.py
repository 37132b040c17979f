"""Pictures in palette slots, a byte a cell, for canvases that a benchmark or a screenshot starts with."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw

from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import COLOR_COUNT, CURATED, CURATED_COUNT, parse_hex

SIZE = Size()


def noisy_picture(seed: int = 1) -> bytes:
    """Return broad waves of the 32 curated colours with every fifth cell drawn by chance: a busy, painted canvas."""
    rng = random.Random(seed)
    cells = bytearray(SIZE.cells)
    for cell in range(SIZE.cells):
        x, y = cell % SIZE.width, cell // SIZE.width
        wave = math.sin(x / 41) + math.sin(y / 29) + math.sin((x + y) / 67)
        slot = int((wave + 3) / 6 * (CURATED_COUNT - 1))
        cells[cell] = max(1, rng.randrange(CURATED_COUNT) if rng.random() < 0.2 else slot)
    return bytes(cells)


def pure_noise(seed: int = 1) -> bytes:
    """Return any of the 247 other colours in every cell: what no compression makes smaller."""
    rng = random.Random(seed)
    return bytes(rng.randrange(1, COLOR_COUNT) for _ in range(SIZE.cells))


def landscape() -> bytes:
    """Return a picture that one recognises: sky, sun, mountains, a lake, and a patchwork of flags below."""
    picture = Image.new("RGB", (SIZE.width, SIZE.height))
    draw = ImageDraw.Draw(picture)
    for y in range(SIZE.height):
        share = y / SIZE.height
        draw.line(
            [(0, y), (SIZE.width, y)], fill=(int(40 + 215 * share), int(110 + 90 * share), int(235 - 60 * share))
        )
    draw.ellipse([(610, 90), (760, 240)], fill=(255, 214, 53))
    draw.ellipse([(632, 112), (738, 218)], fill=(255, 248, 184))
    _mountains(draw, 470, 150, (73, 58, 193), 3)
    _mountains(draw, 560, 120, (36, 80, 164), 8)
    _mountains(draw, 640, 70, (0, 117, 111), 5)
    draw.rectangle([(0, 650), (900, 760)], fill=(54, 144, 234))
    for y in range(656, 760, 9):
        draw.line([(0, y), (900, y)], fill=(81, 233, 244), width=2)
    _patchwork(draw)
    palette = Image.new("P", (1, 1))
    palette.putpalette([level for swatch in CURATED for level in parse_hex(swatch.hex)])
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).tobytes()


def _mountains(draw: ImageDraw.ImageDraw, base: int, height: int, color: tuple[int, int, int], seed: int) -> None:
    tops = [
        base - height * abs(math.sin(x / 97 + seed) + 0.5 * math.sin(x / 31 + seed * 2)) for x in range(SIZE.width)
    ]
    draw.polygon([(0, SIZE.height), *enumerate(tops), (SIZE.width, SIZE.height)], fill=color)


def _patchwork(draw: ImageDraw.ImageDraw) -> None:
    rng = random.Random(7)
    for left in range(0, SIZE.width, 60):
        for top in range(760, SIZE.height, 35):
            for stripe in range(3):
                box = [(left, top + stripe * 12), (left + 58, top + stripe * 12 + 11)]
                draw.rectangle(box, fill=parse_hex(rng.choice(CURATED).hex))
