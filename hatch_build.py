"""The wheel of the whole program asks for every extra, so that `uv tool install pixels.whl` gives a running server.

`make wheel` builds that one, by setting PROGRAM_WHEEL. Any other build is the library: no package but itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramWheel(BuildHookInterface[Any]):
    """Adds the dependencies of the extra that needs all others."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Change what the wheel requires and check that the page is in it."""
        if version != "standard" or not os.environ.get("PROGRAM_WHEEL"):
            return
        if not Path(self.root, "pixels", "web", "index.html").is_file():
            raise FileNotFoundError("The web client is not built: run make wheel.")
        build_data["dependencies"] += ["pixels[aws]"]
