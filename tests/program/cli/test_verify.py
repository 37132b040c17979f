from __future__ import annotations

from collections import deque

import pytest

from pixels.cli.exit_codes import ExitCode
from pixels.cli.verify import _report
from pixels_core.sync import SyncStatistics
from tests.support.command import pixels
from tests.support.server import RunningServer


def test_a_sound_stream(server: RunningServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("verify", "--url", server.url, "--seconds", "1") == 0
    said = capsys.readouterr().out
    assert "0 gaps, 0 duplicates, 0 mismatches" in said
    assert "2 of 2 bitmaps had the same checksum" in said


@pytest.mark.parametrize(
    ("statistics", "equal"),
    [
        (SyncStatistics(gaps=1), [True, True]),
        (SyncStatistics(duplicates=1), [True, True]),
        (SyncStatistics(mismatches=1), [True, True]),
        (SyncStatistics(), [True, False]),
    ],
)
def test_any_fault_fails(statistics: SyncStatistics, equal: list[bool]) -> None:
    assert _report(statistics, equal) is ExitCode.INCOMPLETE


def test_latencies_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert _report(SyncStatistics(latencies=deque([3, 9, 4])), [True]) is ExitCode.OK
    assert "median 4 ms, max 9 ms" in capsys.readouterr().out
