"""The command line: `pixels serve`, `draw`, `export` and `verify`."""

from .app import main

__all__ = ["main"]
