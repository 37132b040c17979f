"""The `pixels` command: its sub-commands, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from pixels_core.errors import PixelsError, ServerFault

from .cluster import cluster
from .draw import draw
from .exit_codes import ExitCode
from .export import export
from .processes import api, init, ws
from .serve import serve
from .token import token
from .verify import verify

app = typer.Typer(
    help="A shared pixel canvas: serve it, draw on it, export it, verify it.",
    epilog="Exit codes: 0 done · 1 incomplete or not verified · 2 wrong usage · 3 no server · 130 interrupted",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # Typer passes the option's value so
    if wanted:
        typer.echo(f"pixels {version('pixels')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take what stands before the command's name."""


for _command in (serve, draw, export, verify, token, api, ws, init, cluster):
    app.command(epilog="Exit codes: see pixels --help.")(_command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except PixelsError as problem:
        typer.echo(f"pixels: {problem}", err=True)
        sys.exit(ExitCode.NO_SERVER if isinstance(problem, ServerFault) else ExitCode.USAGE)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
