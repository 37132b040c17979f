"""The standalone server's settings; `tests/integration` runs the whole of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixels.standalone import main, read_settings
from pixels_core.adapters.hosting.process import EXIT_USAGE


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away whatever this machine sets."""
    for name in [name for name in os.environ if name.startswith("PIXELS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "0"),
        ("port", "65536"),
        ("width", "-1"),
        ("user_rate", "nan"),
        ("user_burst", "1.5"),
        ("trusted_proxies", "everybody"),
        ("trusted_proxies", "[1"),
        ("allowed_origins", "[1"),
        ("log_level", "LOUD"),
        ("stall_seconds", "0"),
        ("session_days", "0"),
        ("secret", "too short"),
    ],
)
def test_a_setting_that_makes_no_sense(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named as the environment names it, in one line."""
    monkeypatch.setenv(f"PIXELS_{name.upper()}", value)
    assert main() == EXIT_USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("pixels: ")
    assert f"PIXELS_{name.upper()}" in line


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIXELS_PORT", "9000")
    monkeypatch.setenv("PIXELS_HOST", "0.0.0.0")  # only read
    settings = read_settings(port=9001, data=tmp_path, host=None).server
    assert (settings.port, settings.host, settings.data) == (9001, "0.0.0.0", tmp_path)
