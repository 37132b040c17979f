from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite.thread import SqliteThread, transaction, translated
from pixels_core.errors import StoreCorrupt, StoreUnavailable

FILE = Path("pixels.db")


def in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE numbers(n INTEGER PRIMARY KEY)")
    return connection


@pytest.fixture
async def thread() -> AsyncIterator[SqliteThread]:
    made = SqliteThread(FILE, in_memory)
    yield made
    await made.close()


def insert(connection: sqlite3.Connection, *numbers: int) -> None:
    with transaction(connection):
        connection.executemany("INSERT INTO numbers VALUES (?)", [(n,) for n in numbers])


def count(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT count(*) FROM numbers").fetchone()
    assert isinstance(number, int)
    return number


async def test_everything_runs_on_one_other_thread(thread: SqliteThread) -> None:
    idents = await asyncio.gather(*(thread.run(lambda _: threading.get_ident()) for _ in range(5)))
    assert len(set(idents)) == 1
    assert idents[0] != threading.get_ident()


async def test_work_is_done_in_the_order_asked(thread: SqliteThread) -> None:
    done: list[int] = []
    await asyncio.gather(*(thread.run(lambda _, i=i: done.append(i)) for i in range(20)))  # type: ignore[misc]
    assert done == list(range(20))


async def test_a_transaction_is_all_or_nothing(thread: SqliteThread) -> None:
    await thread.run(lambda connection: insert(connection, 1, 2))
    with pytest.raises(StoreCorrupt, match="UNIQUE"):
        await thread.run(lambda connection: insert(connection, 3, 1))
    assert await thread.run(count) == 2
    await thread.run(lambda connection: insert(connection, 3))
    assert await thread.run(count) == 3


async def test_other_errors_come_out_as_they_are_and_roll_back(thread: SqliteThread) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("INSERT INTO numbers VALUES (1)")
            raise KeyError("x")

    with pytest.raises(KeyError):
        await thread.run(fails)
    assert await thread.run(count) == 0


async def test_a_missing_table_is_damage(thread: SqliteThread) -> None:
    """[LOG-5] Our statements are fixed; so it is the file that has lost something."""
    with pytest.raises(StoreCorrupt, match=r"pixels.db is damaged \(no such table: gone\).*backup"):
        await thread.run(lambda connection: connection.execute("SELECT * FROM gone"))


async def test_text_that_is_no_text_is_damage(thread: SqliteThread) -> None:
    with pytest.raises(StoreCorrupt, match="UTF-8"):
        await thread.run(lambda connection: connection.execute("SELECT CAST(x'ff' AS TEXT)").fetchall())


async def test_a_failed_connection_is_tried_again() -> None:
    attempts = iter([sqlite3.OperationalError("busy"), None])

    def connect() -> sqlite3.Connection:
        error = next(attempts)
        if error:
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return in_memory()

    thread = SqliteThread(FILE, connect)
    with pytest.raises(StoreUnavailable, match="cannot be used now: busy"):
        await thread.run(count)
    assert await thread.run(count) == 0
    await thread.close()


async def test_later_waits_for_nothing_and_its_failure_is_nobodys(thread: SqliteThread) -> None:
    thread.later(lambda connection: insert(connection, 1))
    thread.later(lambda connection: insert(connection, 1))
    assert await thread.run(count) == 1
    await thread.close()
    thread.later(lambda connection: insert(connection, 2))


async def test_closing_finishes_what_was_asked_for(thread: SqliteThread) -> None:
    pending = [asyncio.ensure_future(thread.run(lambda connection, i=i: insert(connection, i))) for i in range(5)]  # type: ignore[misc]
    await asyncio.sleep(0)
    await thread.close()
    assert await asyncio.gather(*pending) == [None] * 5
    with pytest.raises(StoreUnavailable, match="is closed"):
        await thread.run(count)
    await thread.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, StoreUnavailable),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreUnavailable),
        (sqlite3.SQLITE_BUSY, StoreUnavailable),
        (sqlite3.SQLITE_CORRUPT, StoreCorrupt),
        (sqlite3.SQLITE_CORRUPT_INDEX, StoreCorrupt),
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
    ],
)
def test_errors_are_ours_and_name_the_file(code: int, kind: type[Exception]) -> None:
    error = sqlite3.OperationalError("trouble")
    error.sqlite_errorcode = code
    assert type(translated(error, FILE)) is kind
    assert "pixels.db" in str(translated(error, FILE))


def test_an_error_of_the_module_itself_is_unavailable() -> None:
    assert type(translated(sqlite3.ProgrammingError("closed"), FILE)) is StoreUnavailable
