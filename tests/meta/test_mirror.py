"""Tests mirror the source: pixels_core/x/y.py has tests/core/x/test_y.py, and no test outlives its module."""

from __future__ import annotations

import pytest

from tests.support.repository import ROOT, python_files, relative

MIRRORS = {
    "pixels": "tests/program",
    "pixels_core": "tests/core",
    "pixels_api": "tests/api",
    "pixels_ws": "tests/ws",
    "scripts": "tests/scripts",
}

WITHOUT_A_TEST = {
    "pixels_core/units.py": "names for plain numbers; there is nothing to run",
    "pixels_ws/ports.py": "protocols; the type checker checks who keeps them",
}
"""Modules that have no test file of their own, each with the reason. Keep it short."""


def expected_tests() -> dict[str, str]:
    """Return source path → test path for every module that needs a test."""
    wanted = {}
    for package, mirror in MIRRORS.items():
        for path in python_files(package):
            source = relative(path)
            if path.name in {"__init__.py", "__main__.py"} or source in WITHOUT_A_TEST:
                continue
            folder = source.removeprefix(package).rsplit("/", 1)[0]
            wanted[source] = f"{mirror}{folder}/test_{path.name}"
    return wanted


@pytest.mark.parametrize(("source", "test"), expected_tests().items())
def test_every_module_has_its_test(source: str, test: str) -> None:
    assert (ROOT / test).is_file(), f"{source} has no {test}"


@pytest.mark.parametrize("mirror", MIRRORS.values())
def test_every_test_has_its_module(mirror: str) -> None:
    wanted = set(expected_tests().values())
    orphans = [relative(path) for path in python_files("tests") if _is_test_in(mirror, relative(path))]
    assert [path for path in orphans if path not in wanted] == []


def test_exceptions_are_still_needed() -> None:
    assert [path for path in WITHOUT_A_TEST if not (ROOT / path).is_file()] == []


def _is_test_in(mirror: str, path: str) -> bool:
    return path.startswith(f"{mirror}/") and path.rsplit("/", 1)[1].startswith("test_")
