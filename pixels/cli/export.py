"""`pixels export`: the canvas as a picture, from a server or straight from its database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.pictures.picture import PictureKind, kind_of, render
from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.canvas.geometry import Rect
from pixels_core.client.rest_client import RestClient
from pixels_core.errors import ConfigurationError
from pixels_core.log.recovery import recover

from .arguments import DEFAULT_URL, read_region
from .console import run

MAX_SCALE = 16


def export(
    file: Annotated[Path, typer.Argument(help="Where to write: a .png or .jpg.", show_default=False)],
    url: Annotated[
        str | None,
        typer.Option(envvar="PIXELS_URL", help="The server's address.", show_default=DEFAULT_URL),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Read this data directory instead, with or without a server running.")
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="X,Y,W,H", help="Only this part.")] = None,
    scale: Annotated[int, typer.Option(min=1, max=MAX_SCALE, help="How wide each pixel is drawn.")] = 1,
) -> None:
    """Write the canvas, or a part of it, to a picture.

    Examples:  pixels export canvas.png  ·  pixels export corner.jpg --region 0,0,100,100 --scale 8
    ·  pixels export canvas.png --data /var/lib/pixels
    """
    kind, rect = kind_of(file), None if region is None else read_region(region)
    picture = _from_data(data, kind, rect, scale) if data else _from_server(url or DEFAULT_URL, kind, rect, scale)
    content = run(picture)
    try:
        file.write_bytes(content)
    except OSError as problem:
        raise ConfigurationError(f"Cannot write {file}: {problem.strerror}.") from problem
    typer.echo(f"{file}: {len(content):,} bytes")


async def _from_server(url: str, kind: PictureKind, region: Rect | None, scale: int) -> bytes:
    async with RestClient(url) as rest:
        return await rest.picture(kind.value, region, scale)


async def _from_data(directory: Path, kind: PictureKind, region: Rect | None, scale: int) -> bytes:
    store = await SqliteStore.open_readonly(directory)
    try:
        state = (await recover(store, SystemClock().now())).state
    finally:
        await store.close()
    return render(state.canvas, state.palette, kind, region, scale)
