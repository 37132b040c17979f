"""A serving process from start to exit code: logging, the event loop, and plain sentences for what went wrong."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvloop
from pydantic import ValidationError
from pydantic_settings import SettingsError

from pixels_core.errors import ConfigurationError, PixelsError

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


@contextmanager
def readable_settings(prefix: str = "PIXELS_") -> Iterator[None]:
    """Turn what pydantic says of a setting into a ConfigurationError with one sentence a mistake.

    Args:
        prefix: what the names of these settings begin with in the environment.
    """
    try:
        yield
    except ValidationError as problem:
        raise ConfigurationError("; ".join(_sentences(problem, prefix))) from problem
    except SettingsError as problem:
        raise ConfigurationError(f"A setting cannot be read: {problem}") from problem


def _sentences(problem: ValidationError, prefix: str) -> Iterator[str]:
    for error in problem.errors():
        name = "_".join(str(part) for part in error["loc"]).upper()
        yield f"{prefix}{name}: {error['msg']}" if name else error["msg"].removeprefix("Value error, ")


def run(main: Callable[[], Awaitable[None]], log_level: str) -> int:
    """Run `main` to its end; returns the exit code: 0 stopped, 1 could not go on, 2 a setting makes no sense."""
    logging.basicConfig(level=log_level, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for chatty in ("httpx", "botocore", "aiobotocore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

    async def started() -> None:
        await main()

    return exit_code(lambda: uvloop.run(started()))


def exit_code(work: Callable[[], None]) -> int:
    """Do the work; errors of ours become a sentence on stderr and an exit code."""
    try:
        work()
    except PixelsError as problem:
        sys.stderr.write(f"pixels: {problem}\n")
        return EXIT_USAGE if isinstance(problem, ConfigurationError) else EXIT_FAILED
    return EXIT_OK
