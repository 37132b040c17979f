"""One server for the tests of the commands that talk to one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server import RunningServer, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    limits = {"user_rate": "2000", "user_burst": "2000", "address_rate": "5000"}
    with running_server(tmp_path_factory.mktemp("cli"), width="64", height="48", **limits) as running:
        yield running
