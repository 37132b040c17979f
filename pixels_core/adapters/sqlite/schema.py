"""The SQLite file of one canvas: its tables, its versions, and how it is made, checked and brought up to date.

Why history is a chain: `pixels` has the newest placement of a cell, and every placement knows the one before it in
its cell. So a commit adds placements at the end of one table instead of at hundreds of places, which made a commit of
400 random pixels four times faster than a table ordered by cell; a history is a walk, newest first, as it is shown.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ClientFault, ConfigurationError
from pixels_core.rules.state import CanvasIdentity

from . import moderation_records as sqlite_moderation
from .thread import damaged, transaction

DATABASE_FILE = "pixels.db"

Migration = Callable[[sqlite3.Connection], None]


def _version_1(connection: sqlite3.Connection) -> None:
    for statement in (
        """CREATE TABLE batches(
            number INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
            time INTEGER NOT NULL, payload BLOB NOT NULL)""",
        "CREATE INDEX batches_by_time ON batches(time)",
        "CREATE TABLE snapshots(batch_number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
        """CREATE TABLE users(
            id INTEGER PRIMARY KEY, user TEXT NOT NULL UNIQUE, name TEXT, placed INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE pixels(
            cell INTEGER PRIMARY KEY, color INTEGER NOT NULL, time INTEGER NOT NULL,
            user_id INTEGER NOT NULL REFERENCES users(id), seq INTEGER NOT NULL)""",
        """CREATE TABLE placements(
            seq INTEGER PRIMARY KEY, cell INTEGER NOT NULL, color INTEGER NOT NULL, time INTEGER NOT NULL,
            user_id INTEGER NOT NULL REFERENCES users(id), previous_seq INTEGER)""",
    ):
        connection.execute(statement)


def _version_2(connection: sqlite3.Connection) -> None:
    """Audit and locks."""
    sqlite_moderation.create_tables(connection)
    sqlite_moderation.fill_from_log(connection)


MIGRATIONS: tuple[Migration, ...] = (_version_1, _version_2)
"""Migration n (counted from 1) takes a database from version n-1 to n. Never edit one that was released."""


def migrate(connection: sqlite3.Connection, file: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a database up to date, each version in a transaction of its own; a failure leaves the version before.

    Raises ConfigurationError for a database of a newer version than this program knows.
    """
    version = schema_version(connection, file, len(migrations))
    for number, migration in enumerate(migrations[version:], version + 1):
        with transaction(connection):
            migration(connection)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(number),))


def schema_version(connection: sqlite3.Connection, file: Path, known: int = len(MIGRATIONS)) -> int:
    """Return a database's version; raises ConfigurationError where it is newer than `known`."""
    text = read_meta(connection, file)["schema"]
    if not text.isdecimal():
        raise damaged(file, f"its schema version is {text!r}")
    version = int(text)
    if version > known:
        raise ConfigurationError(
            f"{file} was written by a newer version of Pixels (schema {version}; this one knows up to {known}). "
            "Run that version or a later one."
        )
    return version


def read_meta(connection: sqlite3.Connection, file: Path) -> dict[str, str]:
    """Return what the database says of itself; raises StoreCorrupt where it is no database of Pixels."""
    tables = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").fetchall()
    meta = dict(connection.execute("SELECT key, value FROM meta").fetchall()) if tables else {}
    missing = {"schema", "canvas", "epoch", "width", "height"} - set(meta)
    if missing:
        raise damaged(file, f"it does not say its {', '.join(sorted(missing))}")
    return meta


def read_identity(connection: sqlite3.Connection, file: Path) -> CanvasIdentity:
    """Return which canvas the database is of."""
    meta = read_meta(connection, file)
    try:
        return CanvasIdentity(meta["canvas"], meta["epoch"], Size(int(meta["width"]), int(meta["height"])))
    except (ValueError, ClientFault) as problem:
        raise damaged(file, f"its size makes no sense: {problem}") from problem


def check_identity(found: CanvasIdentity, canvas: str, size: Size, file: Path) -> None:
    """Raise ConfigurationError where the settings ask for another canvas or size than the database has."""
    if found.canvas != canvas:
        raise ConfigurationError(
            f"{file} holds the canvas {found.canvas!r}, not {canvas!r}. Give each canvas a directory of its own."
        )
    if found.size != size:
        raise ConfigurationError(
            f"{file} holds a canvas of {found.size.width} by {found.size.height} pixels; the settings ask for "
            f"{size.width} by {size.height}. The size is fixed when a canvas is created: "
            "restore the setting, or start a new canvas in another directory."
        )


def check_whole(connection: sqlite3.Connection, file: Path) -> None:
    """Raise StoreCorrupt where SQLite finds the file's structure broken; reads the whole file."""
    ((verdict,), *_) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        raise damaged(file, verdict.replace("\n", " "))


def check_tables(connection: sqlite3.Connection, file: Path) -> None:
    """Raise StoreCorrupt where the tables are not those that this version makes.

    SQLite believes what its schema says: one wrong letter in "PRIMARY KEY" makes an empty log of a full one.
    """
    if _tables(connection) != _wanted_tables():
        raise damaged(file, "its tables are not as they were made")


def _tables(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    return set(connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall())


@cache
def _wanted_tables() -> set[tuple[str, str, str | None]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        _create_meta(model)
        for migration in MIGRATIONS:
            migration(model)
        return _tables(model)


def _create_meta(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")


def create_database(file: Path, identity: CanvasIdentity) -> None:
    """Make the database of a new canvas.

    It is made under another name and then renamed, so that `file` is there whole or not at all: an empty file of that
    name is damage, never the remains of a start that was interrupted.
    """
    if wal_of(file).exists():
        raise damaged(file, f"it is missing, but {wal_of(file).name} is there")
    draft = file.with_name(f"{file.name}.new")
    for leftover in (draft, draft.with_name(f"{draft.name}-journal")):
        leftover.unlink(missing_ok=True)
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        with transaction(connection):
            _create_meta(connection)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", _first_meta(identity))
        migrate(connection, file)
    finally:
        connection.close()
    draft.rename(file)
    _sync_directory(file.parent)


def _first_meta(identity: CanvasIdentity) -> list[tuple[str, str]]:
    size = identity.size
    return [
        ("schema", "0"),
        ("canvas", identity.canvas),
        ("epoch", identity.epoch),
        ("width", str(size.width)),
        ("height", str(size.height)),
    ]


def wal_of(file: Path) -> Path:
    """Return the path of a database's write-ahead log."""
    return file.with_name(f"{file.name}-wal")


def _sync_directory(directory: Path) -> None:
    """Make a rename survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
