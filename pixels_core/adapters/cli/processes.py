"""`pixels api`, `pixels ws` and `pixels init`: the canvas as several processes, on DynamoDB and Redis."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Annotated

import typer

from ..process import readable_settings

API = "pixels_api.main"
SOCKETS = "pixels_ws.main"
"""Named as text: the core does not know the tiers."""

_Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
_Port = Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8000")]


def api(host: _Host = None, port: _Port = None) -> None:
    """Serve REST alone; any number of these may run.

    Needs PIXELS_LOG=dynamodb, PIXELS_BUS=redis and PIXELS_SECRET, the same as the socket processes have.

    Example: pixels api --host 0.0.0.0 --port 8001
    """
    raise typer.Exit(import_module(API).main(host, port))


def ws(
    host: _Host = None,
    port: _Port = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that share the port.")] = 1,
) -> None:
    """Serve sockets alone; any number of these may run, and one of them decides at a time.

    Needs PIXELS_LOG=dynamodb, PIXELS_BUS=redis and PIXELS_SECRET, the same as the API has.

    Example: pixels ws --host 0.0.0.0 --port 8002 --workers 4
    """
    raise typer.Exit(import_module(SOCKETS).main(host, port, workers))


def init() -> None:
    """Make the DynamoDB table; harmless where it is there already.

    Example: PIXELS_DYNAMODB_TABLE=pixels pixels init
    """
    from ..dynamodb_settings import PREFIX, DynamoSettings  # noqa: PLC0415  # boto takes a while to load
    from ..dynamodb_table import create_table  # noqa: PLC0415

    with readable_settings(PREFIX):
        settings = DynamoSettings()
    asyncio.run(create_table(settings, typer.echo))
