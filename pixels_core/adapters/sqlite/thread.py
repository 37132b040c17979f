"""A SQLite connection that lives on a thread of its own, and SQLite's errors in our words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pixels_core.errors import ServerFault, StoreCorrupt, StoreUnavailable

T = TypeVar("T")

_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # our statements are fixed: where a table or a column is missing, the file has lost it
    sqlite3.SQLITE_CONSTRAINT,  # and where a row is there already, the tables contradict each other
    sqlite3.SQLITE_MISMATCH,
}
_PRIMARY_CODE = 0xFF
"""Extended result codes carry the primary one in their low byte."""


def translated(error: sqlite3.Error, file: Path) -> ServerFault:
    """Return StoreCorrupt for a damaged file, StoreUnavailable for anything else; both name the file."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    undecodable = code is None and isinstance(error, sqlite3.OperationalError)  # text that is not UTF-8
    if undecodable or (code is not None and code & _PRIMARY_CODE in _DAMAGED):
        return damaged(file, str(error))
    return StoreUnavailable(f"{file} cannot be used now: {error}.")


def damaged(file: Path, problem: str) -> StoreCorrupt:
    """Return the error for a damaged file, with what to do about it."""
    return StoreCorrupt(
        f"{file} is damaged ({problem}). Keep a copy of its directory, then restore that from a backup."
    )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back where anything is raised. When it ends, the commit is on disk."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # after some I/O errors SQLite has rolled back by itself
            connection.execute("ROLLBACK")
        raise


class SqliteThread:
    """Runs functions on one connection, one after the other, off the event loop.

    Args:
        file: the database, for the words of errors.
        connect: makes the connection; called on the thread, which SQLite wants to be the only one to use it.
    """

    def __init__(self, file: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._file = file
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"sqlite-{file.stem}")
        self._closed = False

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` returns; raises StoreUnavailable or StoreCorrupt where SQLite fails."""
        if self._closed:
            raise StoreUnavailable(f"{self._file} is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._call, work)

    def later(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Run `work` when its turn comes and wait for nothing; where the disk fails, the next commit will tell."""
        if not self._closed:
            self._executor.submit(self._call, work)

    def _call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = self._connect()
            return work(self._connection)
        except sqlite3.Error as error:
            raise translated(error, self._file) from error
        except UnicodeDecodeError as error:  # the text of an error about a damaged schema
            raise damaged(self._file, repr(error.object)) from error

    async def close(self) -> None:
        """Finish what was asked for, then close the connection; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(self._executor, self._disconnect)
        self._executor.shutdown()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
