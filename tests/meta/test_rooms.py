"""Rooms: arrows between the folders of a package point one way, and no folder is too full to look through."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.meta.test_imports import imported
from tests.support.repository import ROOT, project_files, python_files, relative

ORDER = {
    "pixels_core": (
        "units errors serialization canvas protocol rules ports log stream sync web client adapters __init__"
    ),
    "pixels_ws": "__init__ settings metrics sockets ports sequencing hub app health running_canvas",
    "pixels_api": "settings schemas metrics http dependencies sessions docs canvas pictures health aws app __init__",
}
"""The rooms of each package: one may import those before it. ARCHITECTURE.md has the picture."""

MAX_FILES = 16
TOO_FULL = {
    "client/src/components",
    "client/src/model",
    "client/src/store",
    "tests/e2e",
    "tests/integration",
    "tests/meta",
    "tests/sim",
    "tests/support",
}
"""Folders that are still to be divided. Keep it short."""


def rooms(package: str, path: Path) -> list[tuple[str, str]]:
    """Return the arrows of a file: its room and the room of each module of its package that it imports."""
    own = relative(path).removesuffix(".py").split("/")[1]
    names = {name.split(".")[1] for name in imported(path) if name.startswith(f"{package}.") and _is_room(name)}
    return [(own, other) for other in names if other != own]


def _is_room(name: str) -> bool:
    top = ROOT.joinpath(*name.split(".")[:2])
    return top.is_dir() or top.with_suffix(".py").is_file()


@pytest.mark.parametrize("package", ORDER)
def test_every_room_has_its_place(package: str) -> None:
    found = {relative(path).removesuffix(".py").split("/")[1] for path in python_files(package)}
    assert found == set(ORDER[package].split())


@pytest.mark.parametrize(("package", "path"), [(top, path) for top in ORDER for path in python_files(top)])
def test_arrows_between_rooms_point_one_way(package: str, path: Path) -> None:
    """[CORE-2] rules ← log ← stream, and so on."""
    order = ORDER[package].split()
    back = [(own, other) for own, other in rooms(package, path) if order.index(other) > order.index(own)]
    assert back == [], f"{relative(path)}: {back}"


@pytest.mark.parametrize("path", python_files("pixels_core/adapters"), ids=relative)
def test_adapters_do_not_know_each_other(path: Path) -> None:
    """One may be taken away without the others; what all of them need is in the core."""
    own = ".".join(relative(path).split("/")[:3])
    others = {
        name for name in imported(path) if name.startswith("pixels_core.adapters.") and not name.startswith(own)
    }
    assert others == set()


def test_no_folder_is_too_full() -> None:
    """Of source files; a test beside its source does not count, nor does what is generated."""
    folders = Counter(
        relative(path.parent)
        for path in project_files()
        if path.suffix in {".py", ".ts", ".tsx"}
        and path.name != "__init__.py"
        and not {"test", "gen"} & set(path.name.split("."))
    )
    assert {folder: count for folder, count in folders.items() if count > MAX_FILES and folder not in TOO_FULL} == {}
