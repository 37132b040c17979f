"""README is true: its commands, on a clean clone, in an empty home, with nothing that this checkout installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image

from pixels.cluster.program import free_port
from tests.readme.commands import Commands
from tests.readme.newcomer import Newcomer, Running
from tests.readme.visitor import paint_one_pixel
from tests.support.repository import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("readme")]

README = Commands.of((ROOT / "README.md").read_text("utf-8"))
COLORS = [(0xFF, 0x45, 0x00), (0x00, 0x00, 0x00)]
START_SECONDS = 600.0
"""Everything is downloaded and built first."""


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Somebody who has cloned what is committed."""
    home = tmp_path_factory.mktemp("home")
    newcomer = Newcomer(home, free_port())
    clone = README.one("git clone").replace("<this repository>", str(ROOT)).removesuffix("&& cd pixels")
    newcomer.type(clone.rstrip(" &"))
    newcomer.folder = home / "pixels"
    return newcomer


@contextmanager
def serving(newcomer: Newcomer, command: str) -> Iterator[Running]:
    running = newcomer.start(command, START_SECONDS)
    try:
        yield running
    finally:
        running.kill9()


def make_picture(folder: Path) -> Image.Image:
    picture = Image.new("RGB", (16, 16), COLORS[0])
    picture.paste(COLORS[1], (4, 4, 12, 12))
    picture.save(folder / "picture.png")
    return picture


def draw_export_verify(newcomer: Newcomer) -> bytes:
    """Run the three commands as written; returns the exported picture."""
    picture = make_picture(newcomer.folder)
    assert "256 of 256 pixels in place" in newcomer.type(README.one("uv run pixels draw"))
    newcomer.type(README.one("uv run pixels export"))
    exported = newcomer.folder / "out.png"
    small = Image.open(exported).convert("RGB").resize((64, 64), Image.Resampling.NEAREST).crop((0, 0, 16, 16))
    assert small.tobytes() == picture.tobytes()
    assert "0 gaps, 0 duplicates, 0 mismatches" in newcomer.type(README.one("uv run pixels verify"))
    return exported.read_bytes()


def test_a_canvas_to_draw_on(newcomer: Newcomer) -> None:
    """From `git clone` to a pixel, to a picture, through a power cut and back."""
    with serving(newcomer, README.one("make run")) as server:
        paint_one_pixel(newcomer.url)
        newcomer.uses_tools_of(newcomer.folder)
        installed = _installed(newcomer)
        exported = draw_export_verify(newcomer)
        assert "Usage: pixels" in newcomer.type(README.one("uv run pixels --help"))
        run_the_python_example(newcomer)
        assert _installed(newcomer) == installed, "no command installs developers' packages"
        server.kill9()
    with serving(newcomer, README.one("make run")):
        newcomer.type(README.one("uv run pixels export"))
        assert (newcomer.folder / "out.png").read_bytes() == exported, "what was drawn outlives a power cut"


def _installed(newcomer: Newcomer) -> set[str]:
    return {path.name for path in newcomer.folder.glob(".venv/lib/python*/site-packages/*.dist-info")}


def run_the_python_example(newcomer: Newcomer) -> None:
    (example,) = README.python
    (newcomer.folder / "bot.py").write_text(example.replace("127.0.0.1:8000", f"127.0.0.1:{newcomer.port}"), "utf-8")
    assert newcomer.type("uv run python bot.py").strip()
    pixel = httpx.get(f"{newcomer.url}/api/canvas/main/pixel/10/10").json()
    assert (pixel["hex"], pixel["userName"]) == ("#ff4500", "Ada's bot")


def test_the_wheel_has_everything(newcomer: Newcomer, tmp_path: Path) -> None:
    """Built in the clone, run in a clean environment in another folder."""
    newcomer.uses_tools_of(newcomer.folder)
    newcomer.type(README.one("make wheel"), START_SECONDS)
    elsewhere = Newcomer(tmp_path, free_port())
    elsewhere.uses_tools_of(newcomer.folder)
    (tmp_path / "dist").symlink_to(newcomer.folder / "dist")
    with serving(elsewhere, README.one("uvx --from")):
        paint_one_pixel(elsewhere.url)


def test_several_processes(newcomer: Newcomer) -> None:
    """The same page and the same commands, through a proxy."""
    newcomer.uses_tools_of(newcomer.folder)
    with serving(newcomer, README.one("make run-distributed")) as cluster:
        paint_one_pixel(newcomer.url)
        draw_export_verify(newcomer)
        cluster.interrupt()


def test_every_command_of_readme_is_run_here() -> None:
    """A command that is added to README is added here, or named with the reason why not."""
    run = re.findall(r'README\.one\("([^"]+)"\)', Path(__file__).read_text("utf-8"))
    not_run = [command for command in README.shell if not any(command.startswith(start) for start in run)]
    assert not_run == []


def test_ci_runs_what_readme_says() -> None:
    assert README.one("make test") in (ROOT / ".ci" / "run").read_text("utf-8")
