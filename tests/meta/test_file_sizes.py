"""A file that nobody can hold in the head is split."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repository import project_files, relative

MAX_LINES = 400
SOURCE = {".py", ".ts", ".tsx", ".css", ".tf"}


def sources() -> list[Path]:
    """Return the written source: no tests, nothing generated."""
    return [
        path
        for path in project_files()
        if path.suffix in SOURCE
        and not relative(path).startswith("tests/")
        and not {"test", "gen"} & set(path.name.split("."))
    ]


@pytest.mark.parametrize("path", sources(), ids=relative)
def test_file_is_short_enough(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= MAX_LINES, f"{relative(path)} has {lines} lines; split it along its ideas"
