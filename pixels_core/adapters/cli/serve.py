"""`pixels serve`: the whole thing in one process."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

COMPOSITION = "pixels_standalone"
"""Named as text: the core knows neither the tiers nor what composes them."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8000")] = None,
    data: Annotated[Path | None, typer.Option(help="Directory of the database.", show_default="data")] = None,
) -> None:
    """Serve a canvas: the web page, the API and the socket on one port.

    Settings come from PIXELS_… in the environment or from .env; these options win.

    Example: pixels serve --host 0.0.0.0 --port 8080 --data /var/lib/pixels
    """
    raise typer.Exit(import_module(COMPOSITION).main(host, port, data))
