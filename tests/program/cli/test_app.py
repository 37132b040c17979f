from __future__ import annotations

from importlib.metadata import version

import pytest

from pixels.cluster.program import free_port
from tests.support.command import pixels


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("--version") == 0
    assert capsys.readouterr().out == f"pixels {version('pixels')}\n"


@pytest.mark.parametrize("command", ["serve", "draw", "export", "verify"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels(command, "--help") == 0
    assert f"pixels {command}" in capsys.readouterr().out


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("paint") == 2
    assert "paint" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("verify", "--url", "foo"), 2, "not a server's address"),
        (("export", "x.gif"), 2, "must end in .png or .jpg"),
        (("export", "x.png", "--data", "/nowhere"), 2, "no canvas in /nowhere"),
        (("export", "x.png", "--region", "1"), 2, "a region is X,Y,WIDTH,HEIGHT"),
        (("draw", "missing.png", "--at", "1,1"), 2, "Cannot read missing.png"),
        (("draw", "missing.png", "--at", "1"), 2, "a position is X,Y"),
    ],
)
def test_errors_are_one_line(
    words: tuple[str, ...], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pixels(*words) == code
    error = capsys.readouterr().err
    assert error.startswith("pixels: ")
    assert error.count("\n") == 1
    assert sentence in error


@pytest.mark.parametrize("words", [("verify",), ("export", "x.png")])
def test_no_server(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels(*words, "--url", f"http://127.0.0.1:{free_port()}") == 3
    assert "nothing answers there" in capsys.readouterr().err
