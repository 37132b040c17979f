"""Somebody who has only this machine's system programs, an empty home folder and what README says."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from tests.support.repository import ROOT

STOP_SECONDS = 30.0
_KEPT = ("PATH", "LANG", "PYENV_ROOT", "PYENV_VERSION", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
_KEPT_PREFIXES = ("LC_", "PIP_", "npm_config_", "NPM_CONFIG_", "HTTP", "http", "NO_PROXY", "no_proxy")
"""What belongs to the machine: how it reaches the network. Nothing of a developer's."""


class Newcomer:
    """Types commands in a folder.

    Args:
        home: an empty folder to be their home.
        port: where their server is to listen instead of 8000, which another test or program may have.
    """

    def __init__(self, home: Path, port: int) -> None:
        self.folder = home
        self.port = port
        self._environment = {
            name: value
            for name, value in os.environ.items()
            if name in _KEPT or (name.startswith(_KEPT_PREFIXES) and "://" not in name)
        }
        path = [part for part in os.environ["PATH"].split(os.pathsep) if not _is_ours(part)]
        self._environment |= {"HOME": str(home), "PATH": os.pathsep.join(path), "PIXELS_PORT": str(port)}

    @property
    def url(self) -> str:
        """Where their server is."""
        return f"http://127.0.0.1:{self.port}"

    def uses_tools_of(self, checkout: Path) -> None:
        """Find `uv` where `make run` installs it, on a machine that has none."""
        self._environment["PATH"] += os.pathsep + str(checkout / ".tools" / "bin")

    def type(self, command: str, seconds: float = 300) -> str:
        """Run a command to its end and return what it says; it must succeed."""
        done = subprocess.run(
            ["bash", "-c", self._adapted(command)],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout

    def start(self, command: str, seconds: float = 300) -> Running:
        """Run a command that serves, and wait until it says where."""
        running = Running(
            subprocess.Popen(
                ["bash", "-c", self._adapted(command)],
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # as a terminal would: Ctrl+C reaches all of it
            )
        )
        running.wait_for("Pixels is at ", seconds)
        return running

    def _adapted(self, command: str) -> str:
        """Put this newcomer's port where README has 8000."""
        return command.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")


class Running:
    """A command that goes on until it is stopped."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._said.append(line)

    @property
    def output(self) -> str:
        """What it has said so far."""
        return "".join(self._said)

    def wait_for(self, text: str, seconds: float) -> None:
        """Wait until it says something."""
        deadline = time.monotonic() + seconds
        while text not in self.output:
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill9()
                raise AssertionError(f"it {'ended' if ended else 'did not'} without saying {text!r}:\n{self.output}")
            time.sleep(0.1)

    def interrupt(self) -> None:
        """Press Ctrl+C and wait for the end."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(STOP_SECONDS)
        self._close()

    def kill9(self) -> None:
        """End all of it as a power cut would."""
        if self._process.poll() is None or self._reader.is_alive():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOP_SECONDS)
        self._close()

    def _close(self) -> None:
        self._reader.join(STOP_SECONDS)
        if self._process.stdout:
            self._process.stdout.close()


def _is_ours(folder: str) -> bool:
    path = Path(folder).absolute()
    return path == ROOT or ROOT in path.parents
