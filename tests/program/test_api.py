"""`pixels api` from settings to exit code; what it does when it runs is shown with real processes elsewhere."""

from __future__ import annotations

import socket

import pytest

from pixels.api import main
from pixels_core.adapters.hosting.process import EXIT_USAGE


@pytest.fixture(autouse=True)
def distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOG": "dynamodb", "BUS": "redis", "SECRET": "s" * 40}.items():
        monkeypatch.setenv(f"PIXELS_{name}", value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("LOG", "sqlite", "PIXELS_LOG"), ("BUS", "memory", "PIXELS_BUS"), ("SECRET", "", "PIXELS_SECRET")],
)
def test_settings_that_make_no_sense_end_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    assert main() == EXIT_USAGE
    assert sentence in capsys.readouterr().err


def test_a_port_that_is_taken_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(port=taken.getsockname()[1]) == EXIT_USAGE
    assert "Cannot listen" in capsys.readouterr().err
