"""The standalone server's own parts; `tests/integration` runs the whole of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pixels_core.adapters.process import EXIT_USAGE
from pixels_core.adapters.settings import ServerSettings
from pixels_core.errors import ConfigurationError
from pixels_core.tokens import MIN_SECRET_BYTES
from pixels_standalone import main, read_secret, read_settings


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
    monkeypatch.setenv("PIXELS_HOST", "0.0.0.0")  # noqa: S104  # only read
    settings = read_settings(port=9001, data=tmp_path, host=None).server
    assert (settings.port, settings.host, settings.data) == (9001, "0.0.0.0", tmp_path)  # noqa: S104


def standalone(data: Path, **options: str) -> ServerSettings:
    return read_settings(data=data, **options).server


def test_a_secret_is_drawn_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    """[SES-1] Sessions outlive a restart."""
    secret = read_secret(standalone(tmp_path))
    assert len(secret) >= MIN_SECRET_BYTES
    assert read_secret(standalone(tmp_path)) == secret
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["session.key"]


def test_a_secret_of_the_settings_is_written_nowhere(tmp_path: Path) -> None:
    assert read_secret(standalone(tmp_path, secret="s" * 40)) == b"s" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_was_interrupted_is_no_trouble(tmp_path: Path) -> None:
    """[SEQ-6] The draft of a secret is not a secret."""
    (tmp_path / "session.key.new").write_bytes(b"abc")
    assert len(read_secret(standalone(tmp_path))) >= MIN_SECRET_BYTES


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "session.key").mkdir()
    with pytest.raises(ConfigurationError, match=r"session\.key cannot be used"):
        read_secret(standalone(tmp_path))
