from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pixels_core.adapters.hosting.settings import BusKind, LogKind
from tests.support.command import pixels


def test_it_hands_over_to_the_composition(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def main(*arguments: object) -> int:
        given.extend(arguments)
        return 3

    monkeypatch.setitem(sys.modules, "pixels.standalone", SimpleNamespace(main=main))
    arguments = ["--host", "::1", "--port", "9000", "--data", "there", "--log", "dynamodb", "--bus", "redis"]
    assert pixels("serve", *arguments) == 3
    assert given == ["::1", 9000, Path("there"), LogKind.DYNAMODB, BusKind.REDIS]
    given.clear()
    assert pixels("serve") == 3
    assert given == [None] * 5, "what is not given is left to the settings"


@pytest.mark.parametrize("arguments", [["--log", "memory"], ["--bus", "sqlite"], ["--log", ""]])
def test_a_log_or_bus_that_there_is_not(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("serve", *arguments) == 2
    assert arguments[0] in capsys.readouterr().err
