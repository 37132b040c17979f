"""Field types that the tiers' settings share, so that one environment variable means the same to all of them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from pixels_core.web.client_address import Network, parse_network


def _split(value: Any) -> Any:
    """Read a list from the environment: entries with commas between them, or a JSON list."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def _networks(value: Any) -> Any:
    entries = _split(value)
    return [parse_network(entry) if isinstance(entry, str) else entry for entry in entries]


TextList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Texts with commas between them, or a JSON list."""

NetworkList = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
"""Networks ("10.0.0.0/8,fd00::/8") or single addresses."""
