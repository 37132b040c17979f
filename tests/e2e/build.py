"""The built client, made anew when its sources are newer."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from tests.support.repository import ROOT

BUILD_SECONDS = 120
CLIENT = ROOT / "client"
BUILT = ROOT / "pixels" / "web" / "index.html"
_INPUTS = ("src", "public", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


def ensure_client_is_built() -> str | None:
    """Build the client where it is out of date; returns a sentence where that is not possible."""
    with _one_at_a_time():
        if _is_current():
            return None
        npm = shutil.which("npm")
        if npm is None:
            return (
                "The built client is out of date and npm is not installed: install Node.js, then run `make client`."
            )
        if not (CLIENT / "node_modules").is_dir():
            return "The built client is out of date and client/node_modules is missing: run `make client`."
        return _build(npm)


def _build(npm: str) -> str | None:
    try:
        outcome = subprocess.run(
            [npm, "--prefix", str(CLIENT), "run", "build"],
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Building the client took longer than {BUILD_SECONDS} s."
    if outcome.returncode != 0:
        return f"The client cannot be built:\n{outcome.stdout[-2000:]}\n{outcome.stderr[-2000:]}"
    return None


def _is_current() -> bool:
    """Say whether the build is newer than every input; what only tests use does not count."""
    if not BUILT.is_file():
        return False
    built = BUILT.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in _inputs())


def _inputs() -> Iterator[Path]:
    for name in _INPUTS:
        top = CLIENT / name
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file() and ".test." not in path.name:
                yield path


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep other test processes of this checkout away until the block ends."""
    name = blake2b(os.fsencode(ROOT), digest_size=6).hexdigest()
    with (Path(tempfile.gettempdir()) / f"pixels-client-build-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
