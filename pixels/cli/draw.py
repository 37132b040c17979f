"""`pixels draw`: a picture onto the canvas, pixel by pixel, as any painter would."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from rich.progress import Progress, TaskID

from pixels_core.adapters.pictures.picture import read_picture
from pixels_core.adapters.pictures.quantize import Pixel, quantize
from pixels_core.canvas.geometry import Size
from pixels_core.client.drawing import DrawReport
from pixels_core.client.pixels_client import ClientOptions, PixelsClient
from pixels_core.errors import ConfigurationError

from .arguments import DEFAULT_URL, TokenOption, UrlOption, read_position
from .console import progress_bar, run
from .exit_codes import ExitCode

MAX_PASSES = 3
"""Others may draw over it meanwhile; this often the rest is drawn again."""
GIVE_UP_S = 60.0


def draw(
    image: Annotated[Path, typer.Argument(help="The picture: any format that Pillow reads.", show_default=False)],
    at: Annotated[str, typer.Option("--at", metavar="X,Y", help="Where its upper left corner goes.")],
    url: UrlOption = DEFAULT_URL,
    rate: Annotated[
        float | None,
        typer.Option(min=0.01, max=1_000_000, help="Pixels a second; without it, what the server's limits say."),
    ] = None,
    dither: Annotated[bool, typer.Option("--dither", help="Mix colours that the palette lacks.")] = False,
    width: Annotated[int | None, typer.Option(min=1, max=4096, help="Scale the picture to this width.")] = None,
    name: Annotated[str | None, typer.Option(help="Display name to draw under.")] = None,
    token: TokenOption = None,
) -> None:
    """Draw a picture on the canvas; cells that are right already are left alone.

    Transparent parts are not drawn. After a lost connection it goes on; drawing the same picture again does nothing.

    Examples:  pixels draw logo.png --at 120,80  ·  pixels draw photo.jpg --at 0,0 --width 200 --dither --rate 10
    """
    position, picture = read_position(at), read_picture(image, width)
    job = _Job(picture, position, rate=rate, dither=dither)
    client = PixelsClient(url, name=name, token=token, options=ClientOptions(give_up_s=GIVE_UP_S))
    raise typer.Exit(run(job.draw(client)))


class _Job:
    """One picture at one place."""

    def __init__(
        self, picture: Image.Image, position: tuple[int, int], rate: float | None, dither: bool
    ) -> None:  # private
        self._picture = picture
        self._position = position
        self._rate = rate
        self._dither = dither

    async def draw(self, client: PixelsClient) -> ExitCode:
        """Draw until everything is in place, or until that makes no progress; returns the exit code."""
        async with client:
            pixels = await self._pixels(client)
            started = time.monotonic()
            report = await self._draw_passes(client, pixels)
            missing = _missing(client, pixels)
        typer.echo(_summary(len(pixels), len(missing), report, time.monotonic() - started))
        return ExitCode.INCOMPLETE if missing else ExitCode.OK

    async def _pixels(self, client: PixelsClient) -> list[Pixel]:
        """Return what to draw where, run by run of one colour, which travels best."""
        left, top = self._position
        _check_fit(self._position, self._picture.size, client.canvas.size)
        cells = await asyncio.to_thread(quantize, self._picture, client.palette, dither=self._dither)
        return sorted(((left + x, top + y, color) for x, y, color in cells), key=lambda pixel: pixel[2])

    async def _draw_passes(self, client: PixelsClient, pixels: list[Pixel]) -> DrawReport:
        total = DrawReport(len(pixels))
        with progress_bar() as progress:
            bar = progress.add_task("Drawing", total=len(pixels))
            for _ in range(MAX_PASSES):
                missing = _missing(client, pixels)
                if not missing:
                    break
                report = await client.draw(missing, self._rate, _Teller(progress, bar, len(pixels) - len(missing)))
                total.placed += report.placed
                total.retries += report.retries
                total.rejected = report.rejected
                if not report.placed:
                    break
        return total


class _Teller:
    """Moves a progress bar."""

    def __init__(self, progress: Progress, bar: TaskID, before: int) -> None:
        self._progress = progress
        self._bar = bar
        self._before = before

    def __call__(self, report: DrawReport) -> None:
        self._progress.update(self._bar, completed=self._before + report.done)


def _check_fit(position: tuple[int, int], picture: tuple[int, int], size: Size) -> None:
    (x, y), (width, height) = position, picture
    if x + width > size.width or y + height > size.height:
        raise ConfigurationError(
            f"A picture of {width} by {height} at {x},{y} does not fit on the {size.width} by {size.height} canvas."
        )


def _missing(client: PixelsClient, pixels: list[Pixel]) -> list[Pixel]:
    canvas = client.canvas
    return [(x, y, color) for x, y, color in pixels if canvas.get(canvas.size.cell(x, y)) != color]


def _summary(total: int, missing: int, report: DrawReport, seconds: float) -> str:
    rejected = ", ".join(f"{reason} {count:,}" for reason, count in report.rejected.most_common())
    return (
        f"{total - missing:,} of {total:,} pixels in place after {seconds:.1f} s: {report.placed:,} placed, "
        f"{report.rejected.total():,} rejected{f' ({rejected})' if rejected else ''}, {report.retries:,} tried again."
    )
