from __future__ import annotations

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.errors import ConfigurationError


def test_it_keeps_nothing_between_two_starts() -> None:
    server = RedisServer()
    server.start()
    server.do("SET", "tea", "green")
    assert server.do("GET", "tea") == b"green"
    server.kill()
    server.start()
    assert server.do("GET", "tea") is None
    server.kill()


def test_without_redis_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigurationError, match=r"Redis.*run \.ci/setup services"):
        RedisServer()
