from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite.schema import (
    MIGRATIONS,
    check_identity,
    check_whole,
    create_database,
    migrate,
    read_identity,
    read_meta,
    schema_version,
    wal_of,
)
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ConfigurationError, StoreCorrupt
from tests.support.builders import IDENTITY, SMALL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "pixels.db"
    create_database(file, IDENTITY)
    return file


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def add_mood(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE users ADD COLUMN mood TEXT")


def fail_halfway(connection: sqlite3.Connection) -> None:
    add_mood(connection)
    raise RuntimeError("power cut")


def columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("PRAGMA table_info(users)")}


def test_a_new_database_is_of_the_newest_version(connection: sqlite3.Connection, file: Path) -> None:
    assert schema_version(connection, file) == len(MIGRATIONS)
    assert read_identity(connection, file) == IDENTITY
    check_whole(connection, file)


def test_an_older_database_is_brought_up_to_date(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file, (*MIGRATIONS, add_mood))
    assert "mood" in columns(connection)
    assert schema_version(connection, file, len(MIGRATIONS) + 1) == len(MIGRATIONS) + 1
    migrate(connection, file, (*MIGRATIONS, add_mood))  # nothing is left to do


def test_a_failed_migration_leaves_the_version_before(connection: sqlite3.Connection, file: Path) -> None:
    with pytest.raises(RuntimeError):
        migrate(connection, file, (*MIGRATIONS, fail_halfway))
    assert "mood" not in columns(connection)
    assert schema_version(connection, file) == len(MIGRATIONS)
    migrate(connection, file, (*MIGRATIONS, add_mood))
    assert "mood" in columns(connection)


def test_a_newer_database_is_refused(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file, (*MIGRATIONS, add_mood))
    with pytest.raises(ConfigurationError, match=r"newer version of Pixels \(schema 3; this one knows up to 2\)"):
        migrate(connection, file)


@pytest.mark.parametrize(
    ("key", "value"), [("schema", "-1"), ("schema", "one"), ("width", "wide"), ("height", "0"), ("epoch", None)]
)
def test_nonsense_about_itself_is_damage(
    connection: sqlite3.Connection, file: Path, key: str, value: str | None
) -> None:
    """[LOG-5] The file is named."""
    connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    if value:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (key, value))
    check = schema_version if key == "schema" else read_identity
    with pytest.raises(StoreCorrupt, match=f"{file} is damaged"):
        check(connection, file)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE recipes(name TEXT)")
        with pytest.raises(StoreCorrupt, match="does not say its canvas, epoch, height, schema, width"):
            read_meta(other, tmp_path / "other.db")


def test_another_canvas_or_size_is_refused(file: Path) -> None:
    check_identity(IDENTITY, "main", SMALL, file)
    with pytest.raises(ConfigurationError, match="holds the canvas 'main', not 'side'"):
        check_identity(IDENTITY, "side", SMALL, file)
    with pytest.raises(ConfigurationError, match="16 by 12 pixels; the settings ask for 900 by 900"):
        check_identity(IDENTITY, "main", Size(900, 900), file)


def test_an_interrupted_creation_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    file = tmp_path / "pixels.db"
    file.with_name("pixels.db.new").write_bytes(b"half of a data")
    file.with_name("pixels.db.new-journal").write_bytes(b"journal")
    create_database(file, IDENTITY)
    assert [path.name for path in tmp_path.iterdir()] == ["pixels.db"]


def test_a_write_ahead_log_without_its_database_is_damage(tmp_path: Path) -> None:
    """[LOG-5] A new canvas must not be made over the remains of one."""
    file = tmp_path / "pixels.db"
    wal_of(file).write_bytes(b"frames")
    with pytest.raises(StoreCorrupt, match=r"it is missing, but pixels\.db-wal is there"):
        create_database(file, IDENTITY)


def test_broken_structure_is_found(connection: sqlite3.Connection, file: Path) -> None:
    """[LOG-5] An index that does not match its table."""
    connection.execute("INSERT INTO batches VALUES (1, 1, 1, 5, x'00')")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'users'")
    connection.execute("PRAGMA writable_schema = RESET")
    with pytest.raises(StoreCorrupt, match="is damaged"):
        check_whole(connection, file)
