"""What the repository contains, for the tests that check its shape."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NEVER_OURS = {
    ".git", ".venv", ".tools", ".terraform", "node_modules", "__pycache__", "dist", "coverage", "data", "output",
    ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache",
}  # fmt: skip


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project: tracked or about to be, never what `.gitignore` names."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:  # an unpacked archive has no git
        found = [path for path in ROOT.rglob("*") if not _NEVER_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def relative(path: Path) -> str:
    """Return the path as the project writes it: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def python_files(folder: str) -> list[Path]:
    """Return the Python files under a top-level folder."""
    return [path for path in project_files() if path.suffix == ".py" and relative(path).startswith(f"{folder}/")]
