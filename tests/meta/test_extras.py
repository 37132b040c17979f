"""Extras: the base needs nothing, and each room imports only what its extra installs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.meta.test_imports import tops
from tests.support.repository import ROOT, python_files, relative

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MODULES = {"pillow": "PIL", "prometheus-client": "prometheus_client", "pydantic-settings": "pydantic_settings"}
COMES_WITH = {
    "aiobotocore": {"aiohttp", "botocore"},
    "litestar": {"msgspec"},
    "pydantic-settings": {"pydantic", "dotenv"},
}
"""Packages that we import and that another of ours is sure to bring."""
OURS = {"pixels", "pixels_core", "pixels_api", "pixels_ws"}
EXTRA_OF_ROOM = {
    "pixels_core/adapters/dynamodb/": "aws",
    "pixels_core/adapters/pictures/": "cli",
    "pixels_core/adapters/": "server",
    "pixels_core/client/": "client",
    "pixels_core/": None,
    "pixels_api/": "server",
    "pixels_ws/": "server",
    "pixels/lambda_handler.py": "aws",
    "pixels/cli/": "server",
    "pixels/": "server",
}


def packages(extra: str | None) -> set[str]:
    """Return the packages that an extra installs, those of the extras in it included."""
    if extra is None:
        return set()
    found: set[str] = set()
    for requirement in PROJECT["optional-dependencies"][extra]:
        inner = re.fullmatch(r"pixels\[(\w+)\]", requirement)
        found |= packages(inner[1]) if inner else {re.match(r"[\w-]+", requirement)[0]}  # type: ignore[index]
    return found


def modules(extra: str | None) -> set[str]:
    """Return what can be imported where an extra is installed."""
    named = packages(extra)
    return {MODULES.get(name, name) for name in named} | {more for name in named for more in COMES_WITH.get(name, ())}


def extra_of(path: str) -> str | None:
    return EXTRA_OF_ROOM[next(room for room in EXTRA_OF_ROOM if path.startswith(room))]


def test_the_base_needs_nothing() -> None:
    """[CORE-1] And a bot author gets three packages."""
    assert PROJECT["dependencies"] == []
    assert packages("client") == {"httpx", "websockets", "orjson"}
    assert set(PROJECT["optional-dependencies"]) == {"client", "cli", "server", "aws"}


@pytest.mark.parametrize("path", [path for top in sorted(OURS) for path in python_files(top)], ids=relative)
def test_a_room_imports_what_its_extra_installs(path: Path) -> None:
    foreign = {name for name in tops(path) - set(sys.stdlib_module_names) - OURS if not name.startswith("types_")}
    assert foreign <= modules(extra_of(relative(path))), (
        f"{relative(path)} needs more than {extra_of(relative(path))}"
    )


def test_the_command_without_its_packages_says_what_to_install() -> None:
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from pixels.__main__ import main; main()"
    command = [sys.executable, "-I", "-S", "-c", script, str(ROOT), "draw"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "pixels: the command needs the package typer: install pixels[server].\n"
