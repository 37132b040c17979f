"""Settings for all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# The same examples at every run in CI, new ones on a developer's machine; a slow machine is not a bug.
settings.register_profile("pixels", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("pixels")

WITH_REAL_SERVERS = {"adapters", "api", "contract", "e2e", "integration", "ws"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how much the simulation simulates."""
    group = parser.getgroup("simulation")
    group.addoption("--seeds", type=int, default=1_000, help="How many seeds tests/sim runs.")
    group.addoption("--seed", type=int, default=None, help="Run only this seed of tests/sim.")


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the end-to-end tests, and give them one worker: two browsers at once only wait for each other.

    A test with a browser, a server or a database may find the machine's cores taken for seconds. It is run again,
    once, and the summary says so; what is really broken fails twice. Pure ones have no such excuse.
    """
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
        if WITH_REAL_SERVERS & set(item.path.parts):
            item.add_marker(pytest.mark.flaky(reruns=1))
