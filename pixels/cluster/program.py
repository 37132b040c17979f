"""Programs that tests start, stop, kill and start again: each on one port, with what it said at hand."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

STOP_SECONDS: Final = 20.0


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Say whether something takes connections on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Program:
    """One program.

    Args:
        name: what it is called in messages.
        command: how to start it.
        ready: says whether it serves; looked at again and again after a start.
        environment: what to set for it; whatever begins with PIXELS_ is not inherited.
        cwd: where it runs.
        start_seconds: how long a start may take.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ready: Callable[[], bool],
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        start_seconds: float = 120.0,
    ) -> None:
        self.name = name
        self.log: list[str] = []
        """The lines that it wrote so far."""
        self.moments: list[float] = []
        """When each of them came, by `time.monotonic`."""
        self._command = list(command)
        self._ready = ready
        self._environment = dict(environment or {})
        self._cwd = cwd
        self._start_seconds = start_seconds
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id, while it runs."""
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    @property
    def serves(self) -> bool:
        """Whether it runs and does what it is there for."""
        return self.running and self._ready()

    def spawn(self) -> None:
        """Start it, and do not wait."""
        if self.running:
            raise RuntimeError(f"{self.name} runs already")
        self._forget()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIXELS_")}
        self._process = subprocess.Popen(  # noqa: S603  # a command of the cluster's own
            self._command,
            env={**inherited, **self._environment},
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def start(self) -> None:
        """Start it and wait until it serves."""
        self.spawn()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until it serves; raises RuntimeError with its log where it does not."""
        deadline = time.monotonic() + self._start_seconds
        while self.running and time.monotonic() < deadline:
            if self._ready():
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"{self.name} did not start:\n" + "\n".join(self.log[-40:]))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; does nothing where it is gone."""
        if self._process is not None and self.running:
            self._process.send_signal(number)

    def pause(self) -> None:
        """Stop it where it stands, as a machine does that is out of breath."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        self.wait()

    def terminate(self) -> int:
        """Ask it to stop, as a deployment does; returns its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for its end; returns its exit code."""
        if self._process is None:
            return 0
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._forget()
        return code

    def _forget(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            if self._reader:
                self._reader.join(STOP_SECONDS)
            if self._process.stdout and not (self._reader and self._reader.is_alive()):
                self._process.stdout.close()
            self._process = None

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.moments.append(time.monotonic())
            self.log.append(line.rstrip())
