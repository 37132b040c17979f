"""What a commit writes into SQLite: the batch, and what follows from it for records, history and counters."""

from __future__ import annotations

import sqlite3
from collections import Counter

from pixels_core.errors import BatchConflict
from pixels_core.log.batch_codec import pack_batch
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.units import Cell, Milliseconds, Seq

from . import moderation_records as sqlite_moderation
from .thread import transaction

SNAPSHOTS_KEPT = 2
PRUNE_EVENTS = 20_000
"""Placements forgotten in one transaction: some 20 ms, so that a commit never waits long behind it."""
CHECKPOINT_CHANGES = 4_000
"""Rows changed between two checkpoints: at most about as many pages, 16 MB of WAL, and some 20 ms."""

_NEWER_RECORD = """
INSERT INTO pixels(cell, color, time, user_id, seq) VALUES (?, ?, ?, ?, ?)
ON CONFLICT(cell) DO UPDATE SET color = excluded.color, time = excluded.time, user_id = excluded.user_id,
    seq = excluded.seq WHERE excluded.seq > pixels.seq"""


def append_batch(connection: sqlite3.Connection, batch: EventBatch) -> None:
    """Commit a batch with its projection; raises BatchConflict, and changes nothing, unless it follows the head."""
    payload = pack_batch(batch)
    with transaction(connection):
        number, seq = _head(connection)
        if batch.number != number + 1 or batch.first_seq != seq + 1:
            raise BatchConflict(
                f"Batch {batch.number} (from seq {batch.first_seq}) does not follow batch {number} (to seq {seq})."
            )
        connection.execute(
            "INSERT INTO batches(number, first_seq, last_seq, time, payload) VALUES (?, ?, ?, ?, ?)",
            (batch.number, batch.first_seq, batch.last_seq, batch.time, payload),
        )
        project(connection, batch.pixels())
        sqlite_moderation.project(connection, batch.moderation())


def check_head(connection: sqlite3.Connection, number: int) -> None:
    """Raise BatchConflict unless the newest batch has this number, or SQLite's error where nothing can be written.

    A full disk can still be read, and whoever goes on must be able to commit: so it writes, and leaves nothing.
    """
    with transaction(connection):
        head, _ = _head(connection)
        if head != number:
            raise BatchConflict(f"The log ends at batch {head}, not at batch {number}.")
        connection.execute("INSERT INTO meta(key, value) VALUES ('fence', '')")
        connection.execute("DELETE FROM meta WHERE key = 'fence'")


def _head(connection: sqlite3.Connection) -> tuple[int, Seq]:
    row = connection.execute("SELECT number, last_seq FROM batches ORDER BY number DESC LIMIT 1").fetchone()
    return row or (0, 0)


def project(connection: sqlite3.Connection, pixels: list[PixelPlaced]) -> None:
    """Write the records, the history and the counters that follow from placements."""
    users = _count(connection, pixels)
    previous = _newest_seqs(connection, {pixel.cell for pixel in pixels})
    newest: dict[Cell, PixelPlaced] = {}
    history = []
    for pixel in pixels:
        before = previous.get(pixel.cell)
        history.append((pixel.seq, pixel.cell, pixel.color, pixel.time, users[pixel.user], before))
        previous[pixel.cell] = pixel.seq
        newest[pixel.cell] = pixel
    connection.executemany(
        "INSERT INTO placements(seq, cell, color, time, user_id, previous_seq) VALUES (?, ?, ?, ?, ?, ?)", history
    )
    connection.executemany(
        _NEWER_RECORD,
        [(cell, pixel.color, pixel.time, users[pixel.user], pixel.seq) for cell, pixel in newest.items()],
    )


def _count(connection: sqlite3.Connection, pixels: list[PixelPlaced]) -> dict[str, int]:
    """Add to the users' counters; returns their ids."""
    ids = {}
    for user, placed in Counter(pixel.user for pixel in pixels).items():
        ((ids[user],),) = connection.execute(
            "INSERT INTO users(user, placed) VALUES (?, ?) "
            "ON CONFLICT(user) DO UPDATE SET placed = placed + excluded.placed RETURNING id",
            (user, placed),
        ).fetchall()
    return ids


def _newest_seqs(connection: sqlite3.Connection, cells: set[Cell]) -> dict[Cell, Seq]:
    rows = (connection.execute("SELECT cell, seq FROM pixels WHERE cell = ?", (cell,)).fetchone() for cell in cells)
    return dict(row for row in rows if row)


def save_snapshot(connection: sqlite3.Connection, batch_number: int, data: bytes) -> None:
    """Keep a snapshot and, of all, the newest two."""
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO snapshots(batch_number, data) VALUES (?, ?)", (batch_number, data))
        connection.execute(
            "DELETE FROM snapshots WHERE batch_number NOT IN "
            "(SELECT batch_number FROM snapshots ORDER BY batch_number DESC LIMIT ?)",
            (SNAPSHOTS_KEPT,),
        )


def prune_some(connection: sqlite3.Connection, last: int, before: Milliseconds) -> int:
    """Forget the oldest batches up to `last` that are older than `before`, and their history.

    The head stays in any case. Returns how many batches; call it again until it returns 0.
    """
    with transaction(connection):
        rows = connection.execute(
            "SELECT number, first_seq, last_seq FROM batches "
            "WHERE number <= ? AND time < ? ORDER BY number LIMIT 256",
            (min(last, _head(connection)[0] - 1), before),
        ).fetchall()
        if not rows:
            return 0
        first_seq = rows[0][1]
        doomed = [row for row in rows if row[2] - first_seq < PRUNE_EVENTS] or rows[:1]
        number, _, last_seq = doomed[-1]
        connection.execute("DELETE FROM placements WHERE seq <= ?", (last_seq,))
        connection.execute("DELETE FROM batches WHERE number <= ?", (number,))
        return len(doomed)


def remember_name(connection: sqlite3.Connection, user: str, name: str | None) -> None:
    """Set or clear a user's display name."""
    with transaction(connection):
        connection.execute(
            "INSERT INTO users(user, name) VALUES (?, ?) ON CONFLICT(user) DO UPDATE SET name = excluded.name",
            (user, name),
        )


class Checkpoints:
    """Copies the write-ahead log back into the database now and then, between commits and not within one."""

    def __init__(self) -> None:
        self._changes = 0

    def when_due(self, connection: sqlite3.Connection) -> None:
        """Make a checkpoint where enough was written since the last one."""
        if connection.total_changes - self._changes >= CHECKPOINT_CHANGES:
            self._changes = connection.total_changes
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # never waits for a reader
