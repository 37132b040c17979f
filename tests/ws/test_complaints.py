"""Troubles in the log, once each."""

from __future__ import annotations

import logging

import pytest

from pixels_ws.complaints import Complaints


def test_a_trouble_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    complaints = Complaints(logging.getLogger("test"), "Node a")
    with caplog.at_level(logging.INFO):
        complaints.over()
        for _ in range(3):
            complaints.add(OSError("no route"))
        complaints.add(OSError("refused"))
        complaints.over()
        complaints.over()
    assert [record.getMessage() for record in caplog.records] == [
        "Node a: no route",
        "Node a: refused",
        "Node a: works again",
    ]
