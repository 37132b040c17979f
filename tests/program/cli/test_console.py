from __future__ import annotations

import pytest

from pixels.cli.console import progress_bar, run


def test_no_bar_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as progress:
        progress.update(progress.add_task("Drawing", total=3), completed=2)
    assert capsys.readouterr() == ("", "")


def test_run_returns_the_result() -> None:
    async def work() -> int:
        return 3

    assert run(work()) == 3
