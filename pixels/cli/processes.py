"""`pixels api`, `pixels ws` and `pixels init`: the canvas as several processes, on DynamoDB and Redis."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pixels_core.adapters.hosting.process import readable_settings

_Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
_Port = Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8000")]


def api(host: _Host = None, port: _Port = None) -> None:
    """Serve REST alone; any number of these may run.

    Needs PIXELS_LOG=dynamodb, PIXELS_BUS=redis and PIXELS_SECRET, the same as the socket processes have.

    Example: pixels api --host 0.0.0.0 --port 8001
    """
    from pixels.api import main  # noqa: PLC0415  # other commands start without what a server needs

    raise typer.Exit(main(host, port))


def ws(
    host: _Host = None,
    port: _Port = None,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that share the port.")] = 1,
) -> None:
    """Serve sockets alone; any number of these may run, and one of them decides at a time.

    Needs PIXELS_LOG=dynamodb, PIXELS_BUS=redis and PIXELS_SECRET, the same as the API has.

    Example: pixels ws --host 0.0.0.0 --port 8002 --workers 4
    """
    from pixels.ws import main  # noqa: PLC0415

    raise typer.Exit(main(host, port, workers))


def init() -> None:
    """Make the DynamoDB table; harmless where it is there already.

    Example: PIXELS_DYNAMODB_TABLE=pixels pixels init
    """
    from pixels_core.adapters.dynamodb.settings import PREFIX, DynamoSettings  # noqa: PLC0415  # boto takes a while to load
    from pixels_core.adapters.dynamodb.table import create_table  # noqa: PLC0415

    with readable_settings(PREFIX):
        settings = DynamoSettings()
    asyncio.run(create_table(settings, typer.echo))
