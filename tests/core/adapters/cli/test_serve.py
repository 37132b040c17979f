from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pixels_core.adapters.cli.serve import COMPOSITION
from tests.support.command import pixels


def test_it_hands_over_to_the_composition(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def main(*arguments: object) -> int:
        given.extend(arguments)
        return 3

    monkeypatch.setitem(sys.modules, COMPOSITION, SimpleNamespace(main=main))
    assert pixels("serve", "--host", "::1", "--port", "9000", "--data", "there") == 3
    assert given == ["::1", 9000, Path("there")]
    given.clear()
    assert pixels("serve") == 3
    assert given == [None, None, None], "what is not given is left to the settings"
