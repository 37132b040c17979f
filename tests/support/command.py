"""The command line: in the test's own process, or as people have it."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

from pixels.cli import main


def pixels(*words: str) -> int:
    """Run `pixels` with these arguments and return its exit code; the output is for `capsys`."""
    with patch.object(sys, "argv", ["pixels", *words]):
        try:
            main()
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0


def installed(command: str) -> str:
    """Return the path of an installed command, as `pixels`, beside this interpreter."""
    return str(Path(sys.executable).with_name(command))
