"""The examples of the documents run as they stand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readme.commands import Commands
from tests.support.repository import ROOT
from tests.support.server import RunningServer, running_server

SECONDS = 60


def examples(name: str) -> list[str]:
    return list(Commands.of((ROOT / "docs" / name).read_text("utf-8")).python)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("examples"), user_burst="2000", user_rate="2000") as running:
        yield running


def run(code: str, folder: Path) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("code", examples("library.md"))
def test_the_library_without_a_server(code: str, tmp_path: Path) -> None:
    assert run(code, tmp_path).strip()


@pytest.mark.parametrize("code", examples("bots.md"))
def test_bots(code: str, server: RunningServer, tmp_path: Path) -> None:
    assert run(code.replace("http://127.0.0.1:8000", server.url), tmp_path).strip()


def test_there_are_examples() -> None:
    assert (len(examples("library.md")), len(examples("bots.md"))) >= (6, 2)
