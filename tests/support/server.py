"""A real standalone server in its own process, to be killed, stopped and started again at will."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixels.cluster.program import free_port
from tests.support.command import installed

START_SECONDS = 30.0
STOP_SECONDS = 15.0
_READY = "Pixels is at "


class RunningServer:
    """One server on one port and one data directory.

    Args:
        data_dir: where its database is, or will be.
        settings: settings by their names, as `user_rate="5"`; they become `PIXELS_USER_RATE`.
    """

    def __init__(self, data_dir: Path, settings: dict[str, str]) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log: list[str] = []
        """The lines of its log so far."""
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it serves."""
        assert self._process is None, "it runs already"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        ready, before = threading.Event(), len(self.log)
        self._process = subprocess.Popen(
            [installed("pixels"), "serve"],
            env=self._environment(),
            cwd=self.data_dir,  # where no .env of a developer is
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read_log, args=(self._process, ready), daemon=True)
        self._reader.start()
        in_time = ready.wait(START_SECONDS)
        if not in_time or not any(_READY in line for line in self.log[before:]):
            self.kill9()
            raise RuntimeError("the server did not start:\n" + "\n".join(self.log))

    def kill9(self) -> None:
        """Kill it as a power cut would; does nothing where it is gone already."""
        self._end("kill")

    def terminate(self) -> int:
        """Ask it to stop, as a deployment does; returns its exit code."""
        return self._end("terminate")

    def restart(self) -> None:
        """Start it again after `kill9` or `terminate`, on the same port and data."""
        self._end("terminate")
        self.start()

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIXELS_")}
        ours = {"host": "127.0.0.1", "port": str(self.port), "data": str(self.data_dir), **self._settings}
        return {
            **inherited,
            **{f"PIXELS_{name.upper()}": value for name, value in ours.items()},
        }

    def _read_log(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self.log.append(line.rstrip())
            if _READY in line:
                ready.set()
        ready.set()  # it ended; start() looks at the log

    def _end(self, how: str) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        getattr(process, how)()
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            if self._reader:
                self._reader.join(STOP_SECONDS)
            if process.stderr:
                process.stderr.close()
        return code


@contextmanager
def running_server(data_dir: Path, **settings: str) -> Iterator[RunningServer]:
    """Run a server on a free port until the block ends.

    Args:
        data_dir: its data directory; usually pytest's `tmp_path`.
        settings: settings by their names, as `user_rate="5"`.
    """
    server = RunningServer(data_dir, settings)
    server.start()
    try:
        yield server
    finally:
        server.kill9()
