"""The arrows: pixels_api → pixels_core ← pixels_ws, loadtest → pixels_core, and a core without I/O."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.repository import ROOT, project_files, python_files, relative

OURS = {"pixels", "pixels_core", "pixels_api", "pixels_ws", "loadtest", "scripts", "tests", "client"}
IMPURE = {
    "asyncio", "concurrent", "fcntl", "http.client", "http.server", "multiprocessing", "os", "pathlib", "random",
    "sched", "secrets", "select", "selectors", "shutil", "signal", "socket", "socketserver", "sqlite3", "ssl",
    "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
"""What touches the world: the core gets the time and the randomness as arguments, its adapters do the rest."""

IMPURE_ROOMS = ("pixels_core/adapters/", "pixels_core/client/")
"""The only rooms of the core that may touch the world."""

FACADE = "pixels_core/__init__.py"
"""Names everything, and imports a module when one of its names is first used."""

CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def imported(path: Path) -> Iterator[str]:
    """Yield the absolute dotted name of every import in a file, also of those inside functions."""
    package = relative(path).removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = [*base, *([node.module] if node.module else [])]
            yield from (".".join([*stem, alias.name]) for alias in node.names)


def tops(path: Path) -> set[str]:
    """Return the first part of every import's name."""
    return {name.split(".")[0] for name in imported(path)}


def core_files() -> list[Path]:
    """Return the pure core: without its adapters and its network client."""
    return [
        path
        for path in python_files("pixels_core")
        if not relative(path).startswith(IMPURE_ROOMS) and relative(path) != FACADE
    ]


@pytest.mark.parametrize("path", core_files(), ids=relative)
def test_core_imports_only_pure_standard_library(path: Path) -> None:
    foreign = tops(path) - set(sys.stdlib_module_names) - {"pixels_core"}
    assert not foreign, f"{relative(path)} imports {sorted(foreign)}; the core needs only the standard library"
    impure = {module for module in IMPURE for name in imported(path) if f"{name}.".startswith(f"{module}.")}
    assert not impure, f"{relative(path)} imports {sorted(impure)}; that belongs into pixels_core/adapters"


@pytest.mark.parametrize("path", core_files(), ids=relative)
def test_core_does_not_know_its_adapters(path: Path) -> None:
    adapters = [name for name in imported(path) if name.startswith(("pixels_core.adapters", "pixels_core.client"))]
    assert not adapters, f"{relative(path)} imports {adapters}; an adapter knows the core, never the reverse"


@pytest.mark.parametrize("path", core_files(), ids=relative)
def test_core_reads_no_clock_and_opens_no_file(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        where = f"{relative(path)}:{node.lineno}"
        if isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "input", "print"}, f"{where} does I/O"
        elif isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            assert (last, node.func.attr) not in CLOCK_CALLS, f"{where} reads the clock"


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("pixels_core", {"pixels_core"}),
        ("pixels_api", {"pixels_api", "pixels_core"}),
        ("pixels_ws", {"pixels_ws", "pixels_core"}),
        ("loadtest", {"loadtest", "pixels_core"}),
    ],
)
def test_arrows_point_inward(folder: str, allowed: set[str]) -> None:
    """[CORE-2] The tiers know the core, the core knows nobody."""
    wrong = {relative(path): sorted(tops(path) & OURS - allowed) for path in python_files(folder)}
    assert not {path: names for path, names in wrong.items() if names}


def test_only_the_program_composes_both_tiers() -> None:
    """[CORE-2] Everything that knows both tiers is in `pixels/`."""
    composers = {
        relative(path).split("/")[0]
        for path in project_files()
        if path.suffix == ".py" and {"pixels_api", "pixels_ws"} <= tops(path)
    }
    assert composers - {"tests"} == {"pixels"}


def test_core_imports_without_any_installed_package() -> None:
    """[CORE-1] In a bare interpreter."""
    modules = sorted(
        relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in core_files()
    )
    script = (
        "import importlib, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "for name in sys.argv[2:]: importlib.import_module(name)\n"
        "print('\\n'.join({name.split('.')[0] for name in sys.modules}))\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(ROOT), "pixels_core", *modules],
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    ours_and_python = {"pixels_core", *sys.stdlib_module_names, *sys.builtin_module_names}
    assert {name for name in loaded.stdout.split() if not name.startswith("__")} <= ours_and_python
