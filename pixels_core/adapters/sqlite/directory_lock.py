"""One server owns a data directory: a lock that the operating system takes back when its holder dies, however."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pixels_core.errors import ConfigurationError, StoreLocked

LOCK_FILE = "pixels.lock"


class DirectoryLock:
    """A held lock on a directory; `release` it, or end the process.

    The file stays where it is: removing it would let two servers lock two different files of the same name.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, directory: Path) -> DirectoryLock:
        """Lock a directory, which is made where it is missing.

        Raises StoreLocked where another server holds it, ConfigurationError where it cannot be written.
        """
        path = directory / LOCK_FILE
        try:
            directory.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise ConfigurationError(
                f"The data directory {directory} cannot be used: {problem.strerror}. "
                "Choose a directory that this user may write to."
            ) from problem
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise StoreLocked(
                f"The data directory {directory} is locked by another server (pid {holder or 'unknown'}). "
                "Stop that server first, or choose another directory."
            ) from problem
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        """Let another server have the directory; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)  # closing gives the lock back
