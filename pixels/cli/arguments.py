"""Arguments that several commands take, and how they are read."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ConfigurationError

DEFAULT_URL = "http://127.0.0.1:8000"

UrlOption = Annotated[str, typer.Option("--url", envvar="PIXELS_URL", help="The server's address.")]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="PIXELS_TOKEN",
        help="Token of a session to draw as; without it a new one.",
        show_envvar=True,
    ),
]


def read_position(text: str) -> tuple[int, int]:
    """Read "X,Y"; raises ConfigurationError."""
    x, y = _numbers(text, 2, "a position is X,Y, as in 120,80")
    return x, y


def read_region(text: str) -> Rect:
    """Read "X,Y,WIDTH,HEIGHT"; raises ConfigurationError."""
    x, y, width, height = _numbers(text, 4, "a region is X,Y,WIDTH,HEIGHT, as in 0,0,100,50")
    if width < 1 or height < 1:
        raise ConfigurationError(f"{text!r}: a region is at least 1 wide and high.")
    return Rect(x, y, width, height)


def _numbers(text: str, count: int, rule: str) -> list[int]:
    parts = text.split(",")
    if len(parts) != count or not all(re.fullmatch(r"\s*\d{1,6}\s*", part) for part in parts):
        raise ConfigurationError(f"{text!r}: {rule}.")
    return [int(part) for part in parts]
