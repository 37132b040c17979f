"""What is asked of SQLite: batches, snapshots, records, history, counts and names."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from pixels_core.ports import PixelRecord, Totals
from pixels_core.units import Cell, Milliseconds, Seq

PACKED_AT_ONCE = 128
"""Batches read in one go: at most some 2 MB."""
NAMES_AT_ONCE = 500
"""Older builds of SQLite allow 999 parameters in a statement."""


def packed_batches(connection: sqlite3.Connection, after: int) -> list[tuple[int, bytes]]:
    """Return the numbers and payloads of the next batches above `after`."""
    return connection.execute(
        "SELECT number, payload FROM batches WHERE number > ? ORDER BY number LIMIT ?", (after, PACKED_AT_ONCE)
    ).fetchall()


def number_before(connection: sqlite3.Connection, time: Milliseconds) -> int:
    """Return the number of the newest batch older than `time`, or of the one before the oldest kept."""
    row = connection.execute(
        "SELECT number FROM batches WHERE time < ? ORDER BY time DESC, number DESC LIMIT 1", (time,)
    ).fetchone()
    if row is None:
        row = connection.execute("SELECT coalesce(min(number) - 1, 0) FROM batches").fetchone()
    number: int = row[0]
    return number


def snapshots(connection: sqlite3.Connection) -> list[bytes]:
    """Return the kept snapshots, the newest first."""
    return [data for (data,) in connection.execute("SELECT data FROM snapshots ORDER BY batch_number DESC")]


def record(connection: sqlite3.Connection, cell: Cell) -> PixelRecord | None:
    """Return the newest placement in a cell."""
    row = connection.execute(
        "SELECT cell, color, time, user, seq FROM pixels JOIN users ON users.id = user_id WHERE cell = ?", (cell,)
    ).fetchone()
    return PixelRecord(*row) if row else None


def history(connection: sqlite3.Connection, cell: Cell, limit: int) -> list[PixelRecord]:
    """Return the placements in a cell, the newest first: a walk from each to the one before it."""
    row = connection.execute("SELECT seq FROM pixels WHERE cell = ?", (cell,)).fetchone()
    seq: Seq | None = row[0] if row else None
    found: list[PixelRecord] = []
    while seq is not None and len(found) < limit:
        row = connection.execute(
            "SELECT cell, color, time, user, seq, previous_seq FROM placements JOIN users ON users.id = user_id "
            "WHERE seq = ?",
            (seq,),
        ).fetchone()
        if row is None:  # the rest was pruned
            break
        *fields, seq = row
        found.append(PixelRecord(*fields))
    return found


def totals(connection: sqlite3.Connection, top: int) -> Totals:
    """Return the counts; of equally active users the first in the order of their ids leads."""
    placements, painters = connection.execute(
        "SELECT coalesce(sum(placed), 0), count(*) FROM users WHERE placed > 0"
    ).fetchone()
    ranking = connection.execute(
        "SELECT user, placed FROM users WHERE placed > 0 ORDER BY placed DESC, user LIMIT ?", (top,)
    ).fetchall()
    return Totals(placements, painters, tuple(ranking))


def names(connection: sqlite3.Connection, users: Sequence[str]) -> dict[str, str]:
    """Return the names of those users who have one."""
    found: dict[str, str] = {}
    for start in range(0, len(users), NAMES_AT_ONCE):
        some = users[start : start + NAMES_AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = f"SELECT user, name FROM users WHERE name IS NOT NULL AND user IN ({marks})"  # noqa: S608  # only marks
        found.update(connection.execute(query, some).fetchall())
    return found
