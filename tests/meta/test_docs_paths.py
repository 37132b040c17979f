"""Every path and link in the documentation leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.repository import ROOT, project_files, relative

REQUIRED = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SPEC.md")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.@-]+(?:/[\w.@-]+)+/?")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

OURS = {
    ".ci",
    ".github",
    "client",
    "docs",
    "loadtest",
    "pixels",
    "pixels_api",
    "pixels_core",
    "pixels_ws",
    "scripts",
    "terraform",
    "tests",
}
MADE = ("pixels/web", "client/node_modules", "client/coverage", "tests/output")
"""Folders that a command makes: right to name, absent in a fresh checkout."""


def documents() -> list[Path]:
    """Return the Markdown that people read first, and everything in docs/."""
    return [
        path
        for path in project_files()
        if path.suffix == ".md" and relative(path).split("/")[0] in {*REQUIRED, "docs"}
    ]


def named_paths(text: str) -> set[str]:
    """Return the paths in backticks that start in one of our folders, outside code fences."""
    spans = CODE.findall(FENCE.sub("", text))
    return {span for span in spans if PATH.fullmatch(span) and span.split("/")[0] in OURS and "NNNN" not in span}


def links(text: str) -> set[str]:
    """Return the targets of relative links, without their anchors."""
    targets = (target.split("#")[0] for target in LINK.findall(FENCE.sub("", text)))
    return {target for target in targets if target and not re.match(r"[a-z]+:", target)}


@pytest.mark.parametrize("name", REQUIRED)
def test_document_exists(name: str) -> None:
    path = ROOT / name
    assert path.is_file(), f"{name} is missing"
    assert path.read_text("utf-8").strip(), f"{name} is empty"


@pytest.mark.parametrize("path", documents(), ids=relative)
def test_links_lead_somewhere(path: Path) -> None:
    dead = [target for target in links(path.read_text("utf-8")) if not (path.parent / target).exists()]
    assert not dead, f"{relative(path)} links to {dead}"


@pytest.mark.parametrize("path", documents(), ids=relative)
def test_named_paths_exist(path: Path) -> None:
    named = {name for name in named_paths(path.read_text("utf-8")) if not name.startswith(MADE)}
    dead = [name for name in named if not (ROOT / name).exists()]
    assert not dead, f"{relative(path)} names {dead}"


def test_the_patterns_see_what_they_should() -> None:
    text = 'See [a](docs/a.md#top "t"), [b](https://x.y), `tests/core/test_x.py`, `text/html`, `make gen`.'
    assert links(text) == {"docs/a.md"}
    assert named_paths(text) == {"tests/core/test_x.py"}
