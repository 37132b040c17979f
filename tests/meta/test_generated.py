"""What is made from the protocol is what the protocol says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.protocol import __main__ as generate
from tests.support.repository import ROOT, relative


@pytest.mark.parametrize("path", generate.generated_files(), ids=relative)
def test_generated_file_is_fresh(path: Path) -> None:
    assert path.read_text("utf-8") == generate.generated_files()[path], "out of date: run `make gen`"


def test_check_passes_and_writes_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    before = {path: path.stat().st_mtime_ns for path in generate.generated_files()}
    assert generate.main() == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert capsys.readouterr().err == ""


def test_check_names_a_stale_file_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ROOT / "tests/output/never-written.json"
    monkeypatch.setattr(generate, "generated_files", lambda: {missing: "{}"})
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate.main() == 1
    assert "tests/output/never-written.json is out of date: run `make gen`." in capsys.readouterr().err
    assert not missing.exists()


def test_without_check_the_file_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "deep" / "made.json"
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated_files", lambda: {target: "{}"})
    monkeypatch.setattr("sys.argv", ["generate"])
    assert generate.main() == 0
    assert target.read_text("utf-8") == "{}"
    assert capsys.readouterr().out == "wrote deep/made.json\n"
    assert generate.main() == 0
    assert capsys.readouterr().out == ""
