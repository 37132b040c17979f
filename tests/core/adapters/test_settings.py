"""Settings that several kinds of process share."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from pixels_core.adapters.dynamodb_settings import DynamoSettings
from pixels_core.adapters.settings import BusKind, CanvasSettings, LogKind, ServerSettings
from pixels_core.geometry import Size
from pixels_core.state import DEFAULT_LIMITS
from tests.support.repository import ROOT


def test_the_defaults_are_one_process_on_this_machine() -> None:
    server = ServerSettings()
    assert (server.host, server.port) == ("127.0.0.1", 8000)
    assert (server.log, server.bus) == (LogKind.SQLITE, BusKind.MEMORY)


def test_the_canvas_has_the_cores_defaults() -> None:
    canvas = CanvasSettings()
    assert canvas.size == Size()
    assert canvas.limits == DEFAULT_LIMITS


@pytest.mark.parametrize("kind", [CanvasSettings, ServerSettings])
def test_everything_is_described(kind: type[CanvasSettings | ServerSettings]) -> None:
    assert [name for name, field in kind.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("PIXELS_", CanvasSettings), ("PIXELS_", ServerSettings), ("PIXELS_DYNAMODB_", DynamoSettings)],
)
def test_the_example_file_shows_every_option(
    prefix: str, kind: type[CanvasSettings | ServerSettings | DynamoSettings]
) -> None:
    named = set(re.findall(r"^#?(PIXELS_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert {f"{prefix}{name.upper()}" for name in kind.model_fields} <= named


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("SECRET", "short"),
        ("LOG", "paper"),
        ("BUS", "yellow"),
        ("REDIS_URL", "http://x"),
        ("NODE", "a b"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ValidationError):
        ServerSettings()


@pytest.mark.parametrize(("name", "value"), [("CANVAS", "Main Canvas"), ("WIDTH", "0"), ("USER_RATE", "0")])
def test_a_canvas_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ValidationError):
        CanvasSettings()
