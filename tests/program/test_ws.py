"""`pixels ws` from settings to exit code; what it does when it runs is shown with real processes elsewhere."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys

import pytest

from pixels import ws as module
from pixels.ws import _over, _Workers, main
from pixels_core.adapters.hosting.process import EXIT_FAILED, EXIT_OK, EXIT_USAGE


@pytest.fixture(autouse=True)
def distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOG": "dynamodb", "BUS": "redis", "SECRET": "s" * 40}.items():
        monkeypatch.setenv(f"PIXELS_{name}", value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LOG", "sqlite", "PIXELS_LOG"),
        ("BUS", "memory", "PIXELS_BUS"),
        ("SECRET", "", "PIXELS_SECRET"),
        ("PORT", "0", "PORT"),
    ],
)
def test_settings_that_make_no_sense_end_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    assert main() == EXIT_USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_that_is_taken_ends_it(capsys: pytest.CaptureFixture[str], workers: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(port=taken.getsockname()[1], workers=workers) == EXIT_USAGE
    assert "Cannot listen" in capsys.readouterr().err


def _child(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code])


@pytest.mark.parametrize(
    ("code", "expected"),
    [("pass", EXIT_OK), ("import sys; sys.exit(2)", EXIT_USAGE), ("import os; os.kill(os.getpid(), 9)", EXIT_FAILED)],
)
def test_the_end_of_one_worker_is_the_end_of_all(code: str, expected: int) -> None:
    patient = _child("import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); print(1); time.sleep(60)")
    assert _Workers([_child(f"import time; time.sleep(1); {code}"), patient]).wait() == expected
    assert patient.poll() is not None


async def test_a_worker_outlives_neither_its_work_nor_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-9] Nobody would ever stop a worker whose parent was killed."""
    monkeypatch.setattr(module, "ORPHAN_S", 0.02)
    work: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    await asyncio.wait_for(_over(work, os.getppid() + 1), 1)
    waiting = asyncio.create_task(_over(work, os.getppid()))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    work.set_result(None)
    await asyncio.wait_for(waiting, 1)
