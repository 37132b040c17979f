"""`pixels serve`: the whole thing in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pixels_core.adapters.hosting.settings import BusKind, LogKind


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8000")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Directory of the database and the session secret.", show_default="data")
    ] = None,
    log: Annotated[
        LogKind | None,
        typer.Option(
            help="Where the canvas is kept: a file, or a table (run pixels init once).", show_default="sqlite"
        ),
    ] = None,
    bus: Annotated[
        BusKind | None,
        typer.Option(
            help="What connects this server with others on the same log: nothing, or PIXELS_REDIS_URL.",
            show_default="memory",
        ),
    ] = None,
) -> None:
    """Serve a canvas: the web page, the API and the socket on one port.

    Settings come from PIXELS_… in the environment or from .env; these options win. Any log goes with any bus.

    Example: pixels serve --host 0.0.0.0 --port 8080 --data /var/lib/pixels

    Example: pixels serve --log dynamodb --bus redis
    """
    from pixels.standalone import main  # noqa: PLC0415  # other commands start without what a server needs

    raise typer.Exit(main(host, port, data, log, bus))
