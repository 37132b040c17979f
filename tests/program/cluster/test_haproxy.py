from __future__ import annotations

from pathlib import Path

import pytest

from pixels.cluster.haproxy import Proxy
from pixels_core.errors import ConfigurationError


def test_sockets_go_to_the_nodes_and_the_rest_to_the_api(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, [7001, 7002], [7101], 7000)
    assert proxy.url == "http://127.0.0.1:7000"
    written = (tmp_path / "haproxy.cfg").read_text("utf-8")
    sockets, api = written.split("\nbackend sockets\n")[1].split("\nbackend api\n")
    assert "127.0.0.1:7001 check" in sockets
    assert "127.0.0.1:7002 check" in sockets
    assert "127.0.0.1:7101 check" in api
    assert "use_backend sockets if { path /ws }" in written


def test_without_haproxy_one_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name, path=None: path and None)
    with pytest.raises(ConfigurationError, match=r"HAProxy.*run \.ci/setup services"):
        Proxy(tmp_path, [1], [2])
