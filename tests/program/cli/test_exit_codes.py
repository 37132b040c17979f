from __future__ import annotations

from pixels.cli.app import app
from pixels.cli.exit_codes import ExitCode


def test_the_help_names_every_code() -> None:
    epilog = str(app.info.epilog)
    assert [code for code in ExitCode if f"{int(code)} " not in epilog and code is not ExitCode.OK] == []
