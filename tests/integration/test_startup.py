"""Starts that fail: one plain sentence, an exit code, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixels.cluster.program import free_port
from pixels_core.adapters.sqlite.schema import DATABASE_FILE
from tests.support.command import installed
from tests.support.server import running_server


def start(data_dir: Path, **settings: str) -> tuple[int, str]:
    """Start a server that cannot; return its exit code and its one sentence."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIXELS_")}
    given = {"data": str(data_dir), "port": str(free_port()), "log_level": "WARNING", **settings}
    ours = {f"PIXELS_{key.upper()}": value for key, value in given.items()}
    ended = subprocess.run(
        [installed("pixels"), "serve"],
        env={**inherited, **ours},
        cwd="/",  # where no .env of a developer is
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("pixels: ")
    return ended.returncode, lines[0]


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_the_port_is_taken(tmp_path: Path, taken: int) -> None:
    code, sentence = start(tmp_path, port=str(taken))
    assert code == 2
    assert f"Cannot listen on 127.0.0.1:{taken}" in sentence
    assert "PIXELS_PORT" in sentence


def test_another_server_has_the_port_or_the_data(tmp_path: Path) -> None:
    """[LOG-7] Two servers of ours would share a port without a word, and a log never."""
    with running_server(tmp_path / "a") as server:
        code, sentence = start(tmp_path, port=str(server.port))
        assert (code, "Cannot listen" in sentence) == (2, True)
        code, sentence = start(server.data_dir)
        assert code == 1
        assert f"locked by another server (pid {server.pid})" in sentence


def test_the_address_is_not_ours(tmp_path: Path) -> None:
    assert start(tmp_path, host="192.0.2.1")[0] == 2
    assert start(tmp_path, host="no such host")[0] == 2


def test_the_data_directory_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, sentence = start(tmp_path / "file" / "data")
    assert code == 2
    assert "cannot be used" in sentence


@pytest.mark.parametrize("content", [b"", b"this is no database"])
def test_the_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    """[LOG-5] And it is left as it is."""
    (tmp_path / DATABASE_FILE).write_bytes(content)
    code, sentence = start(tmp_path)
    assert code == 1
    assert "is damaged" in sentence
    assert (tmp_path / DATABASE_FILE).read_bytes() == content


def test_the_database_is_of_another_canvas(tmp_path: Path) -> None:
    with running_server(tmp_path, width="20", height="10") as server:
        assert server.terminate() == 0
    code, sentence = start(tmp_path)
    assert code == 2
    assert "20 by 10 pixels; the settings ask for 900 by 900" in sentence
    code, sentence = start(tmp_path, canvas="other", width="20", height="10")
    assert code == 2
    assert "'main', not 'other'" in sentence


def test_a_setting_makes_no_sense(tmp_path: Path) -> None:
    """Each that does not is named as the environment names it."""
    code, sentence = start(tmp_path, width="-1", secret="too short", trusted_proxies="[1")
    assert code == 2
    assert "PIXELS_" in sentence


def test_the_secret_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "session.key").mkdir()
    code, sentence = start(tmp_path)
    assert code == 2
    assert "session.key cannot be used" in sentence


def test_the_secret_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "session.key").write_bytes(b"short")
    code, sentence = start(tmp_path)
    assert code == 2
    assert "at least 32 bytes" in sentence
