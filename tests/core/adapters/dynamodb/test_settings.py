from __future__ import annotations

import pytest
from pydantic import ValidationError

from pixels_core.adapters.dynamodb.settings import DynamoSettings


def test_they_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", "event-2026")
    monkeypatch.setenv("PIXELS_DYNAMODB_ENDPOINT", "http://127.0.0.1:8001")
    monkeypatch.setenv("PIXELS_DYNAMODB_REGION", "")
    settings = DynamoSettings()
    assert (settings.table, settings.endpoint, settings.region) == ("event-2026", "http://127.0.0.1:8001", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [("table", "ab"), ("table", 'x"; DROP'), ("endpoint", "localhost"), ("region", "EU 1"), ("total_seconds", 0)],
)
def test_nonsense_is_refused(name: str, value: object) -> None:
    """A table's name stands in statements, so no quotes get through."""
    with pytest.raises(ValidationError):
        DynamoSettings.model_validate({name: value})


def test_every_setting_is_described() -> None:
    assert [name for name, field in DynamoSettings.model_fields.items() if not field.description] == []
