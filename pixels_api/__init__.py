"""The REST tier of Pixels: a stateless Litestar application over a running canvas."""

from __future__ import annotations

from .app import create_app
from .dependencies import Dependencies
from .settings import ApiSettings

__all__ = ["ApiSettings", "Dependencies", "create_app"]
