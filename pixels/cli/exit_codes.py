"""What the exit code of a command says."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes; `pixels --help` names them."""

    OK = 0
    """Done."""
    INCOMPLETE = 1
    """Not every pixel is in place, or the stream is not what it should be."""
    USAGE = 2
    """An argument, a file or a token makes no sense, or the server does not allow it."""
    NO_SERVER = 3
    """There is no server, or it is in trouble."""
    INTERRUPTED = 130
    """Stopped with Ctrl-C."""
