"""The built web client that comes with the program: `make client` and the wheel put it into `pixels/web`."""

from __future__ import annotations

import logging
from pathlib import Path

from pixels_api.settings import ApiSettings

logger = logging.getLogger("pixels")

BUILT_CLIENT = Path(__file__).with_name("web")


def with_built_client(settings: ApiSettings) -> ApiSettings:
    """Return settings that serve the built client, unless PIXELS_CLIENT_DIR names another or none is built."""
    if settings.client_dir is not None or not (BUILT_CLIENT / "index.html").is_file():
        return settings
    return settings.model_copy(update={"client_dir": BUILT_CLIENT})


def warn_without_client(settings: ApiSettings) -> None:
    """Say at the start that there is no page."""
    if settings.client_dir is None:
        logger.warning("No web client is built, so only the API is served: run make client, then start again.")
