"""Audit and locks in SQLite: one transaction with the batch, made of an older database's log, never guessed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite import moderation_records as moderation
from pixels_core.adapters.sqlite import writes
from pixels_core.adapters.sqlite.connect import connect_reader, connect_writer
from pixels_core.errors import BatchConflict, StoreCorrupt
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import AuditQuery, LockRecord
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    make_batch,
    make_lock,
    make_notice,
    make_unlock,
    random_history,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pixels.db"


def connect(file: Path) -> sqlite3.Connection:
    return connect_writer(file, "main", SMALL, IDENTITY.epoch)


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(file)) as connection:
        yield connection


def make_older(connection: sqlite3.Connection) -> None:
    """Turn a database into one of version 1, as it was before there were audit and locks."""
    for statement in ("DROP TABLE audit", "DROP TABLE locks", "UPDATE meta SET value = '1' WHERE key = 'schema'"):
        connection.execute(statement)


def seqs(connection: sqlite3.Connection, file: Path) -> list[int]:
    return [record.seq for record in moderation.audit(connection, AuditQuery(), 1_000, file)]


def test_records_are_of_one_transaction_with_the_batch(connection: sqlite3.Connection, file: Path) -> None:
    """[REC-3] [LOG-2] A conflict leaves none, and neither does a commit that fails on its last step."""
    with pytest.raises(BatchConflict):
        writes.append_batch(connection, EventBatch(2, (make_lock(2),)))
    connection.execute("INSERT INTO audit VALUES (2, 0, '', '', x'')")
    with pytest.raises(sqlite3.IntegrityError):
        writes.append_batch(connection, EventBatch(1, (make_lock(1), make_notice(2))))
    connection.execute("DELETE FROM audit")
    assert seqs(connection, file) == []
    assert moderation.locks(connection, file) == []
    assert connection.execute("SELECT count(*) FROM batches").fetchone() == (0,)
    writes.append_batch(connection, EventBatch(1, (make_lock(1), make_notice(2))))
    assert seqs(connection, file) == [2, 1]
    assert moderation.locks(connection, file) == [LockRecord.of(make_lock(1))]


@pytest.mark.parametrize("seed", range(3))
def test_an_older_database_gets_its_records_from_its_log(file: Path, seed: int) -> None:
    """[REC-3] [REC-4] The same as if they had been written all along, and it goes on from there."""
    history = random_history(seed)
    with closing(connect(file)) as connection:
        for batch in history.batches:
            writes.append_batch(connection, batch)
        written = connection.execute("SELECT * FROM audit ORDER BY seq").fetchall()
        locked = connection.execute("SELECT * FROM locks ORDER BY lock_id").fetchall()
        assert written
        make_older(connection)
    with closing(connect(file)) as connection:
        assert connection.execute("SELECT * FROM audit ORDER BY seq").fetchall() == written
        assert connection.execute("SELECT * FROM locks ORDER BY lock_id").fetchall() == locked
        head = history.batches[-1]
        writes.append_batch(
            connection, EventBatch(head.number + 1, (make_notice(head.last_seq + 1, time=head.time),))
        )
        assert len(seqs(connection, file)) == len(written) + 1


BATCHES = [
    EventBatch(1, (make_lock(1, "old"), make_lock(2, "lifted"), make_notice(3))),
    make_batch(2, 4),
    EventBatch(3, (make_lock(5, "late", time=T0 + 9_000), make_unlock(6, "lifted", time=T0 + 9_000))),
    make_batch(4, 7, time=T0 + 9_999),
]


def pruned_older(file: Path, *snapshots: bytes) -> None:
    """Make a database of version 1 whose first two batches are forgotten."""
    with closing(connect(file)) as connection:
        for batch in BATCHES:
            writes.append_batch(connection, batch)
        for number, data in enumerate(snapshots, 2):
            writes.save_snapshot(connection, number, data)
        assert writes.prune_some(connection, 2, T0 + 60_000) == 2
        make_older(connection)


def state_after(count: int) -> bytes:
    state = CanvasState(IDENTITY)
    for batch in BATCHES[:count]:
        state.apply_batch(batch)
    return pack_snapshot(state)


@pytest.mark.parametrize("harmed", [False, True])
def test_older_locks_come_from_a_snapshot(file: Path, *, harmed: bool) -> None:
    """[REC-4] Of a log that was pruned: what still holds, without a seq and a time that nobody knows any more."""
    older = state_after(2)
    pruned_older(file, older[:-1] if harmed else older, state_after(3))
    with closing(connect(file)) as connection:
        assert moderation.locks(connection, file) == [
            LockRecord(make_lock(1, "old").lock, 0, 0),
            LockRecord(make_lock(5, "late").lock, 5, T0 + 9_000),
        ]
        assert seqs(connection, file) == [6, 5]
        writes.append_batch(connection, EventBatch(5, (make_unlock(8, "old", time=T0 + 9_999),)))
        assert [record.lock.id for record in moderation.locks(connection, file)] == ["late"]


def test_a_damaged_batch_does_not_keep_a_database_from_its_new_version(file: Path) -> None:
    """[LOG-5] It is in no record; whoever reads the log is told, as before."""
    with closing(connect(file)) as connection:
        for batch in BATCHES:
            writes.append_batch(connection, batch)
        connection.execute("UPDATE batches SET payload = x'00' WHERE number = 1")
        make_older(connection)
    with closing(connect(file)) as connection:
        assert seqs(connection, file) == [6, 5]


def test_a_question_for_one_user_asks_an_index(connection: sqlite3.Connection) -> None:
    plan = connection.execute(
        "EXPLAIN QUERY PLAN SELECT seq, event FROM audit WHERE seq < 9 AND user = 'ada' ORDER BY seq DESC LIMIT 5"
    ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH audit USING INDEX audit_by_user (user=? AND seq<?)"]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit SET event = substr(event, 1, 40)",
        "UPDATE audit SET event = x''",
        "UPDATE audit SET seq = 7 WHERE seq = 2",
    ],
)
def test_a_damaged_audit_is_reported(connection: sqlite3.Connection, file: Path, harm: str) -> None:
    """[LOG-5] With the file's name and the record's seq; never guessed at."""
    writes.append_batch(connection, EventBatch(1, (make_lock(1), make_notice(2))))
    connection.execute(harm)
    with pytest.raises(StoreCorrupt, match=rf"{file} is damaged \(audit record [27]"):
        seqs(connection, file)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE locks SET event = x'00'",
        "UPDATE locks SET seq = 2",
        "UPDATE locks SET lock_id = 'l2'",
        "UPDATE locks SET seq = 2, event = (SELECT event FROM audit WHERE seq = 2)",
    ],
)
def test_a_damaged_lock_is_reported(connection: sqlite3.Connection, file: Path, harm: str) -> None:
    """[LOG-5] A lock that is not the one its row names is damage, too."""
    writes.append_batch(connection, EventBatch(1, (make_lock(1), make_notice(2))))
    connection.execute(harm)
    with pytest.raises(StoreCorrupt, match=rf"{file} is damaged \(lock 'l"):
        moderation.locks(connection, file)


def test_a_reader_sees_what_was_committed(connection: sqlite3.Connection, file: Path) -> None:
    writes.append_batch(connection, EventBatch(1, (make_lock(1),)))
    with closing(connect_reader(file)) as reader:
        assert seqs(reader, file) == [1]
        assert [record.lock.id for record in moderation.locks(reader, file)] == ["l1"]
