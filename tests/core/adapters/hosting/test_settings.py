from __future__ import annotations

from pathlib import Path

import pytest

from pixels_core.adapters.hosting.process import readable_settings
from pixels_core.adapters.hosting.settings import BusKind, CanvasSettings, LogKind, ServerSettings
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ConfigurationError
from pixels_core.rules.token_bucket import RateLimit


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of a developer is there."""
    monkeypatch.chdir(tmp_path)


def test_a_canvas_needs_no_settings() -> None:
    canvas = CanvasSettings()
    assert (canvas.canvas, canvas.size) == ("main", Size(900, 900))
    assert canvas.limits.per_user == RateLimit(20, 200)
    assert canvas.limits.per_address == RateLimit(200, 2_000)


def test_a_server_needs_none_either() -> None:
    server = ServerSettings()
    assert (server.host, server.port, server.log, server.bus) == ("127.0.0.1", 8000, LogKind.SQLITE, BusKind.MEMORY)


def test_the_environment_and_a_file_set_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PIXELS_PORT=9000\nPIXELS_BUS=redis\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PIXELS_LOG", "dynamodb")
    monkeypatch.setenv("PIXELS_HOST", "")
    server = ServerSettings()
    assert (server.port, server.bus, server.log, server.host) == (9000, BusKind.REDIS, LogKind.DYNAMODB, "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "many"),
        ("SECRET", "short"),
        ("LOG", "paper"),
        ("BUS", "yellow"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("NODE", "a name"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PIXELS_{name}"), readable_settings():
        ServerSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("CANVAS", "Main!"), ("WIDTH", "0"), ("HEIGHT", "99999"), ("USER_RATE", "0"), ("USER_BURST", "x")],
)
def test_a_canvas_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PIXELS_{name}"), readable_settings():
        CanvasSettings()
