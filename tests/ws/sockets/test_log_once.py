from __future__ import annotations

import logging

import pytest

from pixels_ws.sockets.log_once import Complaints


def test_a_trouble_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    complaints = Complaints(logging.getLogger("test"), "Node 1")
    complaints.over()
    for sentence in ("no Redis", "no Redis", "no log", "no log"):
        complaints.add(OSError(sentence))
    complaints.over()
    complaints.over()
    complaints.add(OSError("no log"))
    assert caplog.messages == ["Node 1: no Redis", "Node 1: no log", "Node 1: works again", "Node 1: no log"]
