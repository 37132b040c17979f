from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite.connect import connect_reader, connect_writer
from pixels_core.adapters.sqlite.schema import MIGRATIONS, migrate, read_identity
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ConfigurationError, StoreCorrupt
from tests.support.builders import SMALL


def create(file: Path) -> None:
    connect_writer(file, "main", SMALL, "epoch").close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pixels ? 100% #1.db"  # a name that has to be quoted in a URI


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_writer_is_durable(file: Path) -> None:
    """[LOG-1] Write-ahead log, and an fsync at every commit (2 is FULL)."""
    with closing(connect_writer(file, "main", SMALL, None)) as writer:
        assert (pragma(writer, "journal_mode"), pragma(writer, "synchronous")) == ("wal", 2)
        assert pragma(writer, "foreign_keys") == 1


def test_the_epoch_is_drawn_once(tmp_path: Path) -> None:
    epochs = []
    for name in ("a.db", "b.db", "a.db"):
        with closing(connect_writer(tmp_path / name, "main", SMALL, None)) as writer:
            epochs.append(read_identity(writer, tmp_path / name).epoch)
    assert epochs[0] == epochs[2] != epochs[1]
    assert len(epochs[0]) == 16


def test_a_reader_cannot_write(file: Path) -> None:
    create(file)
    with closing(connect_reader(file)) as reader:
        assert read_identity(reader, file).epoch == "epoch"
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM meta")


def test_a_reader_sees_what_is_committed_beside_it(file: Path) -> None:
    with closing(connect_writer(file, "main", SMALL, None)) as writer, closing(connect_reader(file)) as reader:
        writer.execute("INSERT INTO users(user) VALUES ('ada')")
        assert reader.execute("SELECT user FROM users").fetchall() == [("ada",)]


def test_without_a_canvas_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=f"There is no canvas in {tmp_path}: pixels.db is missing"):
        connect_reader(tmp_path / "pixels.db")


def test_both_refuse_a_newer_version(file: Path) -> None:
    create(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, file, (*MIGRATIONS, lambda _: None))
    with pytest.raises(ConfigurationError, match="newer version"):
        create(file)
    with pytest.raises(ConfigurationError, match="newer version"):
        connect_reader(file)


def test_another_size_is_refused(file: Path) -> None:
    create(file)
    with pytest.raises(ConfigurationError, match="The size is fixed"):
        connect_writer(file, "main", Size(5, 5), None)


def test_an_empty_file_is_damage(file: Path) -> None:
    """[LOG-5] SQLite would take it for a new database."""
    file.touch()
    for opened in (create, connect_reader):
        with pytest.raises(StoreCorrupt, match="it is empty"):
            opened(file)


def test_a_directory_in_the_way_is_named(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        create(file)
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        connect_reader(file)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        create(tmp_path / "gone" / "pixels.db")
