from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite import writes
from pixels_core.adapters.sqlite.connect import connect_writer
from pixels_core.errors import BatchConflict
from tests.support.builders import SMALL, T0, make_batch, make_pixel


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect_writer(tmp_path / "pixels.db", "main", SMALL, None)) as connection:
        yield connection


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608  # our own tables


def test_a_commit_writes_everything_together(connection: sqlite3.Connection) -> None:
    """[REC-1] Batch, record, history and counter are of one transaction."""
    writes.append_batch(connection, make_batch(1, cell=3, color=7))
    assert [row[:4] for row in rows(connection, "batches")] == [(1, 1, 1, T0 + 1000)]
    assert rows(connection, "pixels") == [(3, 7, T0 + 1000, 1, 1)]
    assert rows(connection, "placements") == [(1, 3, 7, T0 + 1000, 1, None)]
    assert rows(connection, "users") == [(1, "ada", None, 1)]


def test_a_conflict_writes_nothing(connection: sqlite3.Connection) -> None:
    """[LOG-2] Not even a user."""
    with pytest.raises(BatchConflict):
        writes.append_batch(connection, make_batch(2, user="eve"))
    assert not any(rows(connection, table) for table in ("batches", "pixels", "placements", "users"))


def test_the_head_is_checked_by_writing(connection: sqlite3.Connection) -> None:
    """[DIST-13] Who cannot write must not go on; what is written changes nothing."""
    writes.append_batch(connection, make_batch(1))
    before = rows(connection, "meta")
    log = Path(connection.execute("PRAGMA database_list").fetchone()[2] + "-wal")
    written = log.read_bytes()
    writes.check_head(connection, 1)
    assert log.read_bytes() != written
    assert rows(connection, "meta") == before
    for number in (0, 2):
        with pytest.raises(BatchConflict, match="ends at batch 1"):
            writes.check_head(connection, number)
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError):
        writes.check_head(connection, 1)


def test_placements_of_a_cell_form_a_chain(connection: sqlite3.Connection) -> None:
    writes.append_batch(connection, make_batch(1, cell=3))
    writes.project(connection, [make_pixel(2, 3), make_pixel(3, 4), make_pixel(4, 3)])
    assert [(row[0], row[5]) for row in rows(connection, "placements")] == [(1, None), (2, 1), (3, None), (4, 2)]


def test_an_older_placement_does_not_replace_a_record(connection: sqlite3.Connection) -> None:
    """[REC-2] The newest seq stays, whatever comes late."""
    writes.project(connection, [make_pixel(9, 3, color=9)])
    writes.project(connection, [make_pixel(5, 3, color=5)])
    assert [row[1::3] for row in rows(connection, "pixels")] == [(9, 9)]


def test_pruning_goes_in_small_steps(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "PRUNE_EVENTS", 4)
    for number in range(1, 8):
        writes.append_batch(connection, make_batch(number, 2 * number - 1, count=2))
    steps = []
    while step := writes.prune_some(connection, 5, T0 + 60_000):
        steps.append(step)
    assert steps == [2, 2, 1]
    assert [row[0] for row in rows(connection, "batches")] == [6, 7]
    assert [row[0] for row in rows(connection, "placements")] == [11, 12, 13, 14]


def test_a_batch_larger_than_a_step_goes_alone(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "PRUNE_EVENTS", 2)
    writes.append_batch(connection, make_batch(1, 1, count=9))
    writes.append_batch(connection, make_batch(2, 10))
    assert writes.prune_some(connection, 2, T0 + 60_000) == 1
    assert writes.prune_some(connection, 2, T0 + 60_000) == 0


def test_checkpoints_come_when_enough_was_written(
    connection: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writes, "CHECKPOINT_CHANGES", 10)
    checkpoints, file = writes.Checkpoints(), tmp_path / "pixels.db"
    checkpoints.when_due(connection)
    before = file.read_bytes()
    writes.append_batch(connection, make_batch(1))  # four rows: batch, user, placement, record
    checkpoints.when_due(connection)
    assert file.read_bytes() == before
    writes.append_batch(connection, make_batch(2, count=3))
    checkpoints.when_due(connection)
    after = file.read_bytes()
    assert after != before
    writes.append_batch(connection, make_batch(3, 5))
    checkpoints.when_due(connection)
    assert file.read_bytes() == after


def test_snapshots_and_names(connection: sqlite3.Connection) -> None:
    for number in (1, 3, 2):
        writes.save_snapshot(connection, number, b"%d" % number)
    assert rows(connection, "snapshots") == [(2, b"2"), (3, b"3")]
    writes.remember_name(connection, "ada", "Ada")
    writes.remember_name(connection, "ada", None)
    assert rows(connection, "users") == [(1, "ada", None, 0)]
