"""What the server holds: the truth that every page is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from pixels_core.canvas.canvas import checksum_of
from pixels_core.client.rest_client import RestClient
from pixels_core.units import Color

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """The server's bitmap; its checksum is computed here, from the bytes."""

    epoch: str
    seq: int
    checksum: int
    width: int
    pixels: bytes

    def color_at(self, x: int, y: int) -> Color:
        """Return the colour of a cell."""
        return self.pixels[y * self.width + x]

    def painted(self) -> dict[Cell, Color]:
        """Return every cell that is not background."""
        return {(i % self.width, i // self.width): color for i, color in enumerate(self.pixels) if color}

    def since(self, before: Truth) -> dict[Cell, Color]:
        """Return the cells that have another colour than before, and their new colours."""
        cells = range(len(self.pixels)) if self.pixels != before.pixels else ()
        return {
            (cell % self.width, cell // self.width): self.pixels[cell]
            for cell in cells
            if self.pixels[cell] != before.pixels[cell]
        }


async def truth_of(url: str) -> Truth:
    """Fetch the bitmap."""
    async with RestClient(url) as rest:
        bitmap = await rest.snapshot()
    return Truth(bitmap.epoch, bitmap.seq, checksum_of(bitmap.pixels), bitmap.size.width, bitmap.pixels)
