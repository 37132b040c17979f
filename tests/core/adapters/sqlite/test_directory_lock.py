from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixels_core.adapters.sqlite.directory_lock import LOCK_FILE, DirectoryLock
from pixels_core.errors import ConfigurationError, StoreLocked


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    """[LOG-7] The second is told who is the first."""
    lock = DirectoryLock.acquire(tmp_path)
    with pytest.raises(StoreLocked, match=rf"locked by another server \(pid {os.getpid()}\)"):
        DirectoryLock.acquire(tmp_path)
    lock.release()
    lock.release()
    DirectoryLock.acquire(tmp_path).release()


def test_the_directory_is_made(tmp_path: Path) -> None:
    lock = DirectoryLock.acquire(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / LOCK_FILE).read_text() == f"{os.getpid()}\n"
    lock.release()


def test_an_older_holders_number_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text("99999999999999\n")
    lock = DirectoryLock.acquire(tmp_path)
    assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_holder_without_a_number_is_unknown(tmp_path: Path) -> None:
    lock = DirectoryLock.acquire(tmp_path)
    (tmp_path / LOCK_FILE).write_text("")
    with pytest.raises(StoreLocked, match="pid unknown"):
        DirectoryLock.acquire(tmp_path)
    lock.release()


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_in_the_way_is_named(tmp_path: Path, below: str) -> None:
    """Root may write anywhere, but nobody makes a directory below a file."""
    (tmp_path / "file").touch()
    directory = tmp_path / "file" / below
    with pytest.raises(ConfigurationError, match=f"The data directory {directory} cannot be used"):
        DirectoryLock.acquire(directory)
