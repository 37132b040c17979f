"""Opening the SQLite file of a canvas: for its server, or only to read."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ConfigurationError
from pixels_core.rules.state import CanvasIdentity

from .schema import (
    MIGRATIONS,
    check_identity,
    check_tables,
    check_whole,
    create_database,
    migrate,
    read_identity,
    schema_version,
)
from .thread import damaged

BUSY_TIMEOUT_MS = 5_000
"""A checkpoint by another program, such as a backup, may hold the file for a moment."""
CACHE_KIB = 32 * 1024
"""Holds the records of a 900 by 900 canvas, about 20 MB, so that a commit reads nothing from the disk."""
CHECKPOINT_PAGES = 16_000
"""Within a commit, the WAL is copied back only beyond 64 MB; before that, `sqlite_writes` does it between commits."""

_NOT_ALLOWED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}


def connect_writer(file: Path, canvas: str, size: Size, epoch: str | None) -> sqlite3.Connection:
    """Open a canvas for its server, creating, checking and migrating it; the caller holds the directory's lock.

    Raises StoreCorrupt for a damaged file, ConfigurationError for one that cannot be used.
    """
    with _says_what_is_not_allowed(file):
        if not file.exists():
            create_database(file, CanvasIdentity(canvas, epoch or secrets.token_hex(8), size))
        return _prepared(file, lambda connection: _set_up(connection, file, canvas, size))


def _set_up(connection: sqlite3.Connection, file: Path, canvas: str, size: Size) -> None:
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # in WAL mode: an fsync at every commit
        "foreign_keys = ON",
        f"cache_size = -{CACHE_KIB}",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    check_whole(connection, file)
    migrate(connection, file)
    check_tables(connection, file)
    check_identity(read_identity(connection, file), canvas, size, file)


def connect_reader(file: Path) -> sqlite3.Connection:
    """Open a canvas to read it, whether or not a server is running."""
    with _says_what_is_not_allowed(file):
        if not file.exists():
            raise ConfigurationError(f"There is no canvas in {file.parent}: {file.name} is missing.")
        return _prepared(file, lambda connection: _check_to_read(connection, file), mode="ro")


def _check_to_read(connection: sqlite3.Connection, file: Path) -> None:
    """Check as much as can be checked beside a running server: of an older version, nothing but that it is one."""
    if schema_version(connection, file) == len(MIGRATIONS):
        check_tables(connection, file)


def _prepared(file: Path, prepare: Callable[[sqlite3.Connection], object], mode: str = "rw") -> sqlite3.Connection:
    if not file.is_file():
        raise ConfigurationError(f"{file} cannot be opened: it is not a file.")
    if file.stat().st_size == 0:
        raise damaged(file, "it is empty")  # SQLite would take it for a new database
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _says_what_is_not_allowed(file: Path) -> Iterator[None]:
    """Turn the errors that only whoever set up the machine can mend into ConfigurationError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_ALLOWED:
            raise
        raise ConfigurationError(
            f"{file} cannot be opened: {error}. Check who owns it and who may write to it."
        ) from error
    except OSError as problem:
        raise ConfigurationError(f"{file} cannot be opened: {problem.strerror}.") from problem
