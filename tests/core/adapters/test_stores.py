"""Which store, and what goes together."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixels_core.adapters.memory import MemoryStore
from pixels_core.adapters.settings import BusKind, CanvasSettings, LogKind, ServerSettings
from pixels_core.adapters.sqlite import SqliteStore
from pixels_core.adapters.stores import check_together, open_store, projector_of
from pixels_core.errors import ConfigurationError
from tests.support.builders import IDENTITY

SECRET = "s" * 40
DISTRIBUTED = ServerSettings(log=LogKind.DYNAMODB, bus=BusKind.REDIS, secret=SECRET)


def test_several_processes_go_with_dynamodb_redis_and_a_secret() -> None:
    check_together(DISTRIBUTED, several_processes=True)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (ServerSettings(bus=BusKind.REDIS, secret=SECRET), "PIXELS_LOG=dynamodb"),
        (ServerSettings(log=LogKind.DYNAMODB, secret=SECRET), "PIXELS_BUS=redis"),
        (ServerSettings(log=LogKind.DYNAMODB, bus=BusKind.REDIS), "PIXELS_SECRET"),
    ],
)
def test_what_makes_no_sense_together_is_refused(settings: ServerSettings, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        check_together(settings, several_processes=True)


@pytest.mark.parametrize("log", LogKind)
@pytest.mark.parametrize("bus", BusKind)
def test_one_process_combines_freely(log: LogKind, bus: BusKind) -> None:
    check_together(ServerSettings(log=log, bus=bus), several_processes=False)


async def test_sqlite_is_opened_where_the_settings_say(tmp_path: Path) -> None:
    store = await open_store(ServerSettings(data=tmp_path / "here"), CanvasSettings(canvas="event", width=30))
    try:
        assert isinstance(store, SqliteStore)
        assert (store.identity.canvas, store.identity.size.width) == ("event", 30)
        assert (tmp_path / "here" / "pixels.db").is_file()
    finally:
        await store.close()


def test_a_log_that_writes_its_records_itself_has_no_projector() -> None:
    assert projector_of(MemoryStore(IDENTITY)) is None
