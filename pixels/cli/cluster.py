"""`pixels cluster`: a whole distributed canvas on this machine, to try and to test with."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer
from dotenv import dotenv_values

PREFIX: Final = "PIXELS_"
_OWN: Final = {"host", "port", "data", "log", "bus", "redis_url", "node", "dynamodb_endpoint", "dynamodb_table"}
"""Settings that the cluster decides for its programs."""


def cluster(
    port: Annotated[
        int,
        typer.Option(min=1, max=65_535, envvar="PIXELS_PORT", help="Port of the proxy: where the canvas is."),
    ] = 8000,
    nodes: Annotated[int, typer.Option(min=1, max=32, help="Socket processes.")] = 2,
) -> None:
    """Run Redis, DynamoDB Local, the API, several socket nodes and HAProxy until Ctrl+C.

    Every PIXELS_… setting of the environment or .env holds for its programs, except where they listen and what
    connects them. The canvas is gone afterwards. Redis, HAProxy and DynamoDB Local come from .ci/setup services.

    Example: PIXELS_USER_RATE=100 pixels cluster --port 8000 --nodes 3
    """
    from pixels.cluster.cluster import running_cluster  # noqa: PLC0415  # other commands start without boto

    settings = inherited_settings({**dotenv_values(".env"), **os.environ})
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pixels-")))
        typer.echo("Starting Redis, DynamoDB Local, the API, the socket nodes and HAProxy …")
        running = stack.enter_context(running_cluster(folder, nodes, port, settings))
        for program in running.programs:
            typer.echo(f"  {program.name:<15} pid {program.pid}")
        typer.echo(f"Pixels is at {running.url} (Ctrl+C ends it and discards what was drawn)")
        try:
            signal.pause()
        except KeyboardInterrupt:
            typer.echo("Stopping.")


def inherited_settings(environment: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings in an environment that the programs of a cluster share, by their names in lower case."""
    named = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name[:7] == PREFIX}
    return {name: value for name, value in named.items() if value and name not in _OWN}
