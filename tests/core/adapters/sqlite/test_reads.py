from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite import reads, writes
from pixels_core.adapters.sqlite.connect import connect_writer
from pixels_core.ports import PixelRecord, Totals
from tests.support.builders import SMALL, T0, make_batch


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database with five batches of one placement: cells 1, 0, 1, 0, 1."""
    with closing(connect_writer(tmp_path / "pixels.db", "main", SMALL, None)) as connection:
        for number in range(1, 6):
            writes.append_batch(connection, make_batch(number, cell=number % 2, color=number))
        yield connection


def test_batches_come_in_portions(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "PACKED_AT_ONCE", 2)
    assert [number for number, _ in reads.packed_batches(connection, 0)] == [1, 2]
    assert [number for number, _ in reads.packed_batches(connection, 4)] == [5]
    assert reads.packed_batches(connection, 5) == []


def test_number_before_asks_an_index(connection: sqlite3.Connection) -> None:
    assert [reads.number_before(connection, T0 + ms) for ms in (1000, 1001, 9000)] == [0, 1, 5]
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT number FROM batches WHERE time < 1 ORDER BY time DESC, number DESC LIMIT 1"
    ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH batches USING COVERING INDEX batches_by_time (time<?)"]


def test_records_and_history(connection: sqlite3.Connection) -> None:
    """[REC-1] The chain is walked from the newest."""
    newest = PixelRecord(1, 5, T0 + 5000, "ada", 5)
    assert reads.record(connection, 1) == newest
    assert reads.history(connection, 1, 2) == [newest, PixelRecord(1, 3, T0 + 3000, "ada", 3)]
    assert reads.record(connection, 2) is None
    assert reads.history(connection, 2, 9) == []


def test_history_ends_where_it_was_pruned(connection: sqlite3.Connection) -> None:
    writes.prune_some(connection, 3, T0 + 60_000)
    assert [record.seq for record in reads.history(connection, 1, 9)] == [5]
    assert [record.seq for record in reads.history(connection, 0, 9)] == [4]


def test_totals(connection: sqlite3.Connection) -> None:
    writes.remember_name(connection, "bob", "Bob")
    assert reads.totals(connection, 3) == Totals(5, 1, (("ada", 5),))


def test_names_are_asked_for_in_portions(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "NAMES_AT_ONCE", 2)
    users = [f"user-{i}" for i in range(5)]
    for user in users:
        writes.remember_name(connection, user, user.title())
    assert reads.names(connection, [*users, "ada", "nobody"]) == {user: user.title() for user in users}
    assert reads.names(connection, []) == {}


def test_snapshots_are_newest_first(connection: sqlite3.Connection) -> None:
    for number in (1, 2):
        writes.save_snapshot(connection, number, b"%d" % number)
    assert reads.snapshots(connection) == [b"2", b"1"]
