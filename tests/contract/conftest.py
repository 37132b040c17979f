"""Fixtures of the contract suite: every test runs once for each store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.store_contract import HARNESSES, Harness, Store
from tests.support.dynamodb_local import _shared_dynamodb_ends

__all__ = ["_shared_dynamodb_ends", "harness", "harness_type", "store"]


@pytest.fixture(params=HARNESSES)
def harness_type(request: pytest.FixtureRequest) -> type[Harness]:
    """Return the class of a store's harness."""
    return HARNESSES[request.param]


@pytest.fixture
def harness(harness_type: type[Harness], tmp_path: Path) -> Harness:
    """Return a place for an empty store."""
    return harness_type(tmp_path)


@pytest.fixture
async def store(harness: Harness) -> AsyncIterator[Store]:
    """Return an empty, open store."""
    async with harness.opened() as opened:
        yield opened
