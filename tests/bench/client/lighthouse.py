"""Lighthouse's scores on desktop settings. It is large, so it is installed only when somebody asks for it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.bench.table import show
from tests.support.pictures import noisy_picture
from tests.support.prepared_canvas import prepare_canvas
from tests.support.repository import ROOT
from tests.support.server import running_server

from tests.bench.client.chromium import chromium_path

PACKAGE: Final = "lighthouse@12.8.2"
"""The last major version that runs on Node 20."""
HOME: Final = ROOT / ".tools" / "lighthouse"
SECONDS: Final = 240
TARGETS: Final = {"performance": 95, "accessibility": 100, "best-practices": 100}
FLAGS: Final = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update"


async def _prepare(folder: Path) -> None:
    await prepare_canvas(folder, noisy_picture())


def run() -> int:
    """Print the scores and every audit that is not passed; returns 1 only where Lighthouse itself does not run."""
    problem = _install()
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        asyncio.run(_prepare(data))
        with running_server(data) as server:
            report = _audit(server.url, Path(folder) / "report.json")
    if report is None:
        return 1
    _print(report)
    return 0


def _install() -> str | None:
    installed = HOME / "installed"
    if installed.is_file() and installed.read_text("ascii") == PACKAGE:
        return None
    npm = shutil.which("npm")
    if npm is None:
        return "Lighthouse needs Node.js and npm."
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    command = [npm, "install", "--prefix", str(HOME), "--no-audit", "--no-fund", "--loglevel=error", PACKAGE]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode != 0:
        return "Lighthouse could not be installed; the lines above say why."
    installed.write_text(PACKAGE, "ascii")
    return None


def _audit(url: str, report: Path) -> dict[str, Any] | None:
    command = [
        str(HOME / "node_modules" / ".bin" / "lighthouse"),
        url,
        "--preset=desktop",
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(TARGETS)}",
        f"--chrome-flags={FLAGS}",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium_path(), "CI": "1"}
    outcome = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=report.parent
    )
    if not report.is_file():
        sys.stderr.write(f"Lighthouse did not finish:\n{outcome.stdout[-2000:]}\n{outcome.stderr[-4000:]}\n")
        return None
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def _print(report: dict[str, Any]) -> None:
    rows = []
    for name, target in TARGETS.items():
        score = report["categories"][name]["score"]
        rows.append((name, "–" if score is None else f"{score * 100:.0f}", str(target)))
    version = report["lighthouseVersion"]
    show(f"Lighthouse {version}, desktop, a busy canvas", ("category", "score", "target"), rows)
    error = report.get("runtimeError", {}).get("message")
    for warning in [*([error] if error else []), *report.get("runWarnings", [])]:
        sys.stdout.write(f"Lighthouse says: {warning}\n")
    metrics = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    show("", ("metric", "figure"), [(name, _shown(report["audits"][name])) for name in metrics])
    for name in TARGETS:
        _print_failures(report, name)


def _print_failures(report: dict[str, Any], category: str) -> None:
    for reference in report["categories"][category]["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if audit["score"] is None or audit["score"] >= 0.9 or not (reference["weight"] or audit["score"] == 0):
            continue
        weight = reference["weight"]
        sys.stdout.write(f"\n{category}: {audit['title']} ({audit['id']}, weight {weight}) {_shown(audit)}\n")
        for item in audit.get("details", {}).get("items", [])[:8]:
            sys.stdout.write(f"  {_item(item)}\n")


def _shown(audit: dict[str, Any]) -> str:
    return str(audit.get("displayValue", "")).replace("\u00a0", " ")


def _item(item: dict[str, Any]) -> str:
    node = item.get("node", {})
    text = " – ".join(str(node[key]) for key in ("selector", "snippet", "explanation") if node.get(key))
    return text or json.dumps(item, ensure_ascii=False)[:400]
