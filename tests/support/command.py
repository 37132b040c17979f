"""The command line, run in the test's own process."""

from __future__ import annotations

import sys
from unittest.mock import patch

from pixels_core.adapters.cli import main


def pixels(*words: str) -> int:
    """Run `pixels` with these arguments and return its exit code; the output is for `capsys`."""
    with patch.object(sys, "argv", ["pixels", *words]):
        try:
            main()
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0
