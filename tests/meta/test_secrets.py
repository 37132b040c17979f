"""Nothing private and no registry host in the project; lock files, which name their sources, are left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.repository import project_files, relative

LOCK_FILES = {"uv.lock", "package-lock.json", ".terraform.lock.hcl"}

HOSTS = [
    ".".join(parts)
    for parts in (
        ("py" + "pi", "org"), ("python" + "hosted", "org"), ("npm" + "js", "org"), ("npm" + "js", "com"),
        ("registry", "yarn" + "pkg", "com"), ("deb", "debian", "org"), ("security", "debian", "org"),
        ("archive", "ubuntu", "com"), ("security", "ubuntu", "com"), ("pack" + "ages", "debian", "org"),
    )
]  # fmt: skip
"""In pieces, so that this file does not match itself."""

SECRETS = [
    "-----BEGIN [A-Z ]*" + "PRIVATE KEY-----",
    r"\b(?:AKIA|ASIA)" + r"[0-9A-Z]{16}\b",
    r"\bgh[pousr]_" + r"[0-9A-Za-z]{36}\b",
    r"\bnpm_" + r"[0-9A-Za-z]{36}\b",
]

FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *SECRETS]))


def texts() -> list[Path]:
    """Return every text file of the project."""
    return [path for path in project_files() if path.name not in LOCK_FILES and b"\0" not in path.read_bytes()[:1024]]


@pytest.mark.parametrize("path", texts(), ids=relative)
def test_file_has_no_secret_and_no_registry_host(path: Path) -> None:
    found = FORBIDDEN.search(path.read_text("utf-8", errors="replace"))
    assert found is None, f"{relative(path)} contains {found[0]!r}"


def test_no_file_of_settings_is_tracked() -> None:
    assert [relative(path) for path in project_files() if path.name in {".env", ".netrc", "id_rsa"}] == []


def test_the_pattern_sees_what_it_should() -> None:
    assert FORBIDDEN.search(f"https://{HOSTS[0]}/simple")
    assert FORBIDDEN.search("AKIA" + "A" * 16)
