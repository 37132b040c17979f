"""The chaos of `make chaos`, in short."""

from __future__ import annotations

import pytest

from tests.chaos.run import Plan, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("distributed")]


async def test_every_promise_holds_whatever_breaks() -> None:
    """[DIST-3] [DIST-4] [SEQ-6] [REQ-1] [SYNC-1] Some of everything, in ten seconds."""
    outcome = await run(Plan(seconds=10, clients=12, seed=4, nodes=2, pixels_per_second=4, pause=(1.5, 3.0)))
    assert len(outcome.consequences) >= 3
    assert outcome.placed > 100
