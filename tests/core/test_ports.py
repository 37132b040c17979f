"""The type checker reads this file, too: an assignment that a protocol does not allow fails `make types`."""

from __future__ import annotations

from pixels_core.adapters.clock import ManualClock, SystemClock
from pixels_core.adapters.memory import MemoryStore
from pixels_core.adapters.sqlite import SqliteStore
from pixels_core.ports import CanvasHost, Clock, EventLog, PixelRecord, PixelRecords, UserDirectory
from pixels_ws.hub import Hub
from tests.support.builders import T0, make_pixel
from tests.support.hosts import EngineHost

PORTS: dict[type, tuple[type, ...]] = {
    EventLog: (MemoryStore, SqliteStore),
    PixelRecords: (MemoryStore, SqliteStore),
    UserDirectory: (MemoryStore, SqliteStore),
    CanvasHost: (Hub,),
    Clock: (SystemClock, ManualClock),
}


def the_type_checker_agrees(store: MemoryStore | SqliteStore, host: Hub | EngineHost) -> None:
    """Never called."""
    log: EventLog = store
    records: PixelRecords = store
    directory: UserDirectory = store
    canvas: CanvasHost = host
    clocks: tuple[Clock, ...] = (SystemClock(), ManualClock())
    del log, records, directory, canvas, clocks


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
