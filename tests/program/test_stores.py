from __future__ import annotations

from pathlib import Path

import pytest

from pixels.stores import check_together, open_store
from pixels_core.adapters.dynamodb.projector import RecordProjector
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.adapters.hosting.settings import CanvasSettings, ServerSettings
from pixels_core.adapters.hosting.stores import projector_of
from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.errors import ConfigurationError

SECRET = "s" * 32


def server(**given: object) -> ServerSettings:
    return ServerSettings.model_validate({"_env_file": None, **given})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "PIXELS_LOG=dynamodb"),
        ({"log": "sqlite", "bus": "redis", "secret": SECRET}, "PIXELS_LOG=dynamodb"),
        ({"log": "dynamodb", "secret": SECRET}, "PIXELS_BUS=redis"),
        ({"log": "dynamodb", "bus": "redis"}, "PIXELS_SECRET"),
    ],
)
def test_several_processes_need_what_they_can_share(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        check_together(server(**given), several_processes=True)
    check_together(server(**given), several_processes=False)


def test_what_several_processes_share() -> None:
    check_together(server(log="dynamodb", bus="redis", secret=SECRET), several_processes=True)


async def test_a_log_on_sqlite(tmp_path: Path) -> None:
    store = await open_store(server(data=tmp_path), CanvasSettings(canvas="tea", width=20, height=10))
    assert isinstance(store, SqliteStore)
    assert store.identity.canvas == "tea"
    assert projector_of(store) is None, "records come with the log"
    await store.close()


async def test_a_log_on_dynamodb(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", table.table)
    monkeypatch.setenv("PIXELS_DYNAMODB_ENDPOINT", table.endpoint or "")
    store = await open_store(server(log="dynamodb"), CanvasSettings(canvas="tea", width=20, height=10))
    assert isinstance(store, DynamoStore)
    assert store.identity.canvas == "tea"
    assert isinstance(projector_of(store), RecordProjector)
    await store.close()


async def test_a_setting_of_dynamodb_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", "!")
    with pytest.raises(ConfigurationError, match="PIXELS_DYNAMODB_TABLE"):
        await open_store(server(log="dynamodb"), CanvasSettings())
