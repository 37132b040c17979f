from __future__ import annotations

import signal
import sys

import pytest

from pixels.cluster.program import Program, free_port, listens

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"


@pytest.fixture
def listener() -> Program:
    port = free_port()
    return Program("a listener", [sys.executable, "-c", LISTEN, str(port)], lambda: listens(port))


def test_it_is_ready_when_it_answers(listener: Program) -> None:
    listener.start()
    assert listener.serves
    listener.kill()
    assert not listener.running
    with pytest.raises(RuntimeError, match="a listener does not run"):
        _ = listener.pid


def test_it_starts_only_once(listener: Program) -> None:
    listener.start()
    with pytest.raises(RuntimeError, match="runs already"):
        listener.spawn()
    assert listener.terminate() == -signal.SIGTERM


def test_a_start_that_fails_shows_the_log() -> None:
    command = [sys.executable, "-c", "print('no tea'); raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match="broken did not start:\nno tea"):
        Program("broken", command, lambda: False).start()


def test_settings_of_a_developer_are_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_USER_RATE", "7")
    show = "import os; print(sorted(name for name in os.environ if name.startswith('PIXELS_')))"
    program = Program("shown", [sys.executable, "-c", show], lambda: True, environment={"PIXELS_PORT": "1"})
    program.spawn()
    assert program.wait() == 0
    assert program.log == ["['PIXELS_PORT']"]
