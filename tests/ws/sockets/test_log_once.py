from __future__ import annotations

import logging

import pytest

from pixels_ws.sockets.log_once import LogOnce


def test_a_trouble_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    log_once = LogOnce(logging.getLogger("test"), "Node 1")
    log_once.over()
    for sentence in ("no Redis", "no Redis", "no log", "no log"):
        log_once.add(OSError(sentence))
    log_once.over()
    log_once.over()
    log_once.add(OSError("no log"))
    assert caplog.messages == ["Node 1: no Redis", "Node 1: no log", "Node 1: works again", "Node 1: no log"]
