"""How many bytes a first visit loads."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from pixels_api.http.compression import compress
from pixels_api.http.negotiation import Encoding
from tests.bench.table import show
from tests.e2e.build import BUILT

JS_BUDGET = "≤ 120 KB gzip"


def run() -> None:
    """Measure and print the sizes of the build; what the page does not name itself is loaded when it is needed."""
    page = BUILT.read_text("utf-8")
    files = [path for path in BUILT.parent.rglob("*") if path.is_file() and path.suffix != ".map"]
    scripts = [path for path in files if path.suffix == ".js"]
    first = [path for path in scripts if path.name in page]
    rows = [
        _row("JavaScript", first, JS_BUDGET),
        _row("JavaScript on demand", [path for path in scripts if path not in first], ""),
        _row("CSS", [path for path in files if path.suffix == ".css"], ""),
        _row("HTML", [BUILT], ""),
    ]
    show("What a visit loads, in KB of 1,000 bytes", ("what", "plain", "gzip", "brotli", "budget"), rows)


def _row(name: str, paths: Iterable[Path], budget: str) -> tuple[str, ...]:
    contents = [path.read_bytes() for path in paths]
    sizes = (
        sum(map(len, contents)),
        sum(len(gzip.compress(content, 9)) for content in contents),
        sum(len(compress(content, Encoding.BROTLI, 9)) for content in contents),
    )
    return name, *(f"{size / 1000:.1f}" for size in sizes), budget
