from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pixels_core.adapters.hosting.secret_file import FILE, read_secret
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.errors import ConfigurationError
from pixels_core.web.tokens import MIN_SECRET_BYTES


def test_it_is_drawn_once_and_only_ours_to_read(tmp_path: Path) -> None:
    settings = ServerSettings(data=tmp_path / "new")
    first = read_secret(settings)
    assert len(first) >= MIN_SECRET_BYTES
    assert read_secret(settings) == first
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600


def test_two_servers_draw_two(tmp_path: Path) -> None:
    assert read_secret(ServerSettings(data=tmp_path / "a")) != read_secret(ServerSettings(data=tmp_path / "b"))


def test_the_settings_win(tmp_path: Path) -> None:
    assert read_secret(ServerSettings(data=tmp_path, secret="s" * 40)) == b"s" * 40
    assert not (tmp_path / FILE).exists()


def test_a_start_that_was_interrupted_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.new").write_text("ha")
    assert len(read_secret(ServerSettings(data=tmp_path))) >= MIN_SECRET_BYTES


def test_a_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="session secret"):
        read_secret(ServerSettings(data=tmp_path / "file" / "below"))
