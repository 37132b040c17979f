"""The session secret: from the settings, or drawn once and kept in the data directory."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pixels_core.errors import ConfigurationError
from pixels_core.web.tokens import MIN_SECRET_BYTES

from .settings import ServerSettings

FILE = "session.key"


def read_secret(settings: ServerSettings) -> bytes:
    """Return the session secret from the settings, or from the data directory, where it is drawn once."""
    if settings.secret is not None:
        return settings.secret.encode()
    path = settings.data / FILE
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _draw_secret(path)
        return path.read_bytes()
    except OSError as problem:
        raise ConfigurationError(f"The session secret {path} cannot be used: {problem.strerror}.") from problem


def _draw_secret(path: Path) -> None:
    """Write a new secret under another name first, so that a start that is interrupted leaves none or a whole one."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_hex(MIN_SECRET_BYTES).encode())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
