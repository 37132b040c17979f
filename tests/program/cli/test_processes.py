from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from pixels.cluster.dynamodb_local import CREDENTIALS
from tests.support.command import pixels


@pytest.mark.parametrize(
    ("command", "module", "given"),
    [
        (["api", "--host", "::1", "--port", "9000"], "pixels.api", ["::1", 9000]),
        (["api"], "pixels.api", [None, None]),
        (["ws", "--host", "::1", "--port", "9000", "--workers", "3"], "pixels.ws", ["::1", 9000, 3]),
        (["ws"], "pixels.ws", [None, None, 1]),
    ],
)
def test_they_hand_over_to_the_tiers(
    monkeypatch: pytest.MonkeyPatch, command: list[str], module: str, given: list[object]
) -> None:
    seen: list[object] = []

    def main(*arguments: object) -> int:
        seen.extend(arguments)
        return 3

    monkeypatch.setitem(sys.modules, module, SimpleNamespace(main=main))
    assert pixels(*command) == 3
    assert seen == given


def test_a_number_of_workers_that_makes_no_sense() -> None:
    assert pixels("ws", "--workers", "0") == 2


def test_init_makes_the_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def create_table(settings: Any, progress: Any) -> None:
        progress(f"{settings.table} at {settings.region}")

    monkeypatch.setattr("pixels_core.adapters.dynamodb.table.create_table", create_table)
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", "tea")
    monkeypatch.setenv("PIXELS_DYNAMODB_REGION", "eu-central-1")
    assert pixels("init") == 0
    assert capsys.readouterr().out == "tea at eu-central-1\n"


def test_init_explains_what_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", "!")
    assert pixels("init") == 2
    assert "PIXELS_DYNAMODB_TABLE" in capsys.readouterr().err
    monkeypatch.setenv("PIXELS_DYNAMODB_TABLE", "pixels")
    monkeypatch.setenv("PIXELS_DYNAMODB_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIXELS_DYNAMODB_TOTAL_SECONDS", "0.2")
    assert pixels("init") == 3
