"""What moderators did, in SQLite: the audit, which pruning leaves whole, and the locks that hold now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pixels_core.errors import StoreCorrupt
from pixels_core.log.batch_codec import pack_moderation, unpack_batch, unpack_moderation
from pixels_core.log.snapshot_codec import peek_locks
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord
from pixels_core.rules.events import ModerationEvent, RegionLocked, RegionUnlocked
from pixels_core.units import Seq

from .thread import damaged


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables; an event is packed as the log packs it, with a checksum of its own."""
    for statement in (
        """CREATE TABLE audit(
            seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, user TEXT NOT NULL, kind TEXT NOT NULL,
            event BLOB NOT NULL)""",
        "CREATE INDEX audit_by_user ON audit(user, seq)",
        "CREATE TABLE locks(lock_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, event BLOB NOT NULL)",
    ):
        connection.execute(statement)


def project(connection: sqlite3.Connection, events: Iterable[ModerationEvent]) -> None:
    """Write the records that follow from acts of moderation; part of the transaction that commits them."""
    for event in events:
        packed = pack_moderation(event)
        connection.execute(
            "INSERT INTO audit(seq, time, user, kind, event) VALUES (?, ?, ?, ?, ?)",
            (event.seq, event.time, event.user, event.name, packed),
        )
        if isinstance(event, RegionLocked):
            _put_lock(connection, event.lock.id, event.seq, packed)
        elif isinstance(event, RegionUnlocked):
            connection.execute("DELETE FROM locks WHERE lock_id = ?", (event.lock_id,))


def _put_lock(connection: sqlite3.Connection, lock_id: str, seq: Seq, packed: bytes) -> None:
    connection.execute("INSERT OR REPLACE INTO locks(lock_id, seq, event) VALUES (?, ?, ?)", (lock_id, seq, packed))


def fill_from_log(connection: sqlite3.Connection) -> None:
    """Make the records of an older database: of all its log still has and, for older locks, of a snapshot.

    A damaged batch or snapshot is passed over; whoever reads the log is told of it.
    """
    for (data,) in connection.execute("SELECT data FROM snapshots ORDER BY batch_number").fetchall():
        with suppress(StoreCorrupt):
            for lock in peek_locks(data):
                event = RegionLocked(seq=0, time=0, user=lock.by, reason=lock.reason, lock=lock)
                _put_lock(connection, lock.id, 0, pack_moderation(event))
            break
    for (payload,) in connection.execute("SELECT payload FROM batches ORDER BY number"):
        with suppress(StoreCorrupt):
            project(connection, unpack_batch(payload).moderation())


def audit(connection: sqlite3.Connection, query: AuditQuery, limit: int, file: Path) -> list[AuditRecord]:
    """Return the records that are asked for, the newest first; raises StoreCorrupt at a damaged one."""
    conditions: list[str] = []
    values: list[int | str] = []
    for condition, value in (
        ("seq < ?", query.before),
        ("user = ?", query.user),
        ("time >= ?", query.since),
        ("time < ?", query.until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if query.kinds:
        conditions.append(f"kind IN ({', '.join('?' * len(query.kinds))})")
        values += query.kinds
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    asked = f"SELECT seq, event FROM audit {where}ORDER BY seq DESC LIMIT ?"  # noqa: S608  # only marks
    rows = connection.execute(asked, (*values, limit)).fetchall()
    return [AuditRecord(_event(f"audit record {seq}", seq, packed, file)) for seq, packed in rows]


def locks(connection: sqlite3.Connection, file: Path) -> list[LockRecord]:
    """Return the active locks, the oldest first; raises StoreCorrupt at a damaged one."""
    found = []
    for lock_id, seq, packed in connection.execute("SELECT lock_id, seq, event FROM locks ORDER BY seq, lock_id"):
        event = _event(f"lock {lock_id!r}", seq, packed, file)
        if not isinstance(event, RegionLocked) or event.lock.id != lock_id:
            raise damaged(file, f"lock {lock_id!r} is another one")
        found.append(LockRecord.of(event))
    return found


def _event(what: str, seq: Seq, packed: bytes, file: Path) -> ModerationEvent:
    try:
        event = unpack_moderation(packed)
    except StoreCorrupt as problem:
        raise damaged(file, f"{what}: {problem}") from problem
    if event.seq != seq:
        raise damaged(file, f"{what} is another one")
    return event
