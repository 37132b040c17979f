"""The type checker reads this file, too: an assignment that a protocol does not allow fails `make types`."""

from __future__ import annotations

import pytest

from pixels_core.adapters.hosting.clock import ManualClock, SystemClock
from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.ports import (
    AuditQuery,
    AuditRecord,
    CanvasHost,
    Clock,
    EventLog,
    LockRecord,
    ModerationRecords,
    PixelRecord,
    PixelRecords,
    UserDirectory,
)
from pixels_ws.hub import Hub
from tests.support.builders import T0, make_lock, make_notice, make_pixel
from tests.support.hosts import EngineHost

PORTS: dict[type, tuple[type, ...]] = {
    EventLog: (MemoryStore, SqliteStore),
    PixelRecords: (MemoryStore, SqliteStore),
    ModerationRecords: (MemoryStore, SqliteStore),
    UserDirectory: (MemoryStore, SqliteStore),
    CanvasHost: (Hub,),
    Clock: (SystemClock, ManualClock),
}


def the_type_checker_agrees(store: MemoryStore | SqliteStore, host: Hub | EngineHost) -> None:
    """Never called."""
    log: EventLog = store
    records: PixelRecords = store
    moderation: ModerationRecords = store
    directory: UserDirectory = store
    canvas: CanvasHost = host
    clocks: tuple[Clock, ...] = (SystemClock(), ManualClock())
    del log, records, moderation, directory, canvas, clocks


def test_every_implementation_has_what_its_port_names() -> None:
    for port, implementations in PORTS.items():
        names = {name for name in vars(port) if not name.startswith("_")}
        assert names
        for implementation in implementations:
            own = {name for kind in implementation.__mro__ for name in vars(kind)}
            assert names <= own, f"{implementation.__name__} lacks {names - own} of {port.__name__}"


def test_a_record_is_a_placement_without_its_request() -> None:
    """[REC-1] As the log has it."""
    pixel = make_pixel(3, 5, 7)
    record = PixelRecord(pixel.cell, pixel.color, pixel.time, pixel.user, pixel.seq)
    assert record == PixelRecord(cell=5, color=7, time=T0, user="ada", seq=3)


def test_an_audit_record_is_what_was_logged() -> None:
    """[REC-3] Who, when and as which change is the event's own word."""
    event = make_notice(3, user="bob", time=T0 + 1)
    record = AuditRecord(event)
    assert (record.seq, record.time, record.user, record.event) == (3, T0 + 1, "bob", event)


def test_a_lock_record_names_the_change_that_set_it() -> None:
    """[REC-4] As the log has it."""
    event = make_lock(3, user="bob", time=T0 + 1)
    assert LockRecord.of(event) == LockRecord(event.lock, 3, T0 + 1)


@pytest.mark.parametrize(
    ("query", "admitted"),
    [
        (AuditQuery(), True),
        (AuditQuery(before=3), False),
        (AuditQuery(before=4), True),
        (AuditQuery(user="bob", kinds=frozenset({"notice", "lock"})), True),
        (AuditQuery(user="ada"), False),
        (AuditQuery(kinds=frozenset({"lock"})), False),
        (AuditQuery(since=T0, until=T0 + 1), True),
        (AuditQuery(since=T0 + 1), False),
        (AuditQuery(until=T0), False),
    ],
)
def test_a_query_admits_what_all_its_fields_admit(query: AuditQuery, *, admitted: bool) -> None:
    """[REC-5] A moment belongs to the range that begins with it."""
    assert query.admits(make_notice(3, user="bob", time=T0)) is admitted
