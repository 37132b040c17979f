"""The whole system in virtual time: a storm of faults, then calm; whoever is left standing must agree with the log.

`pytest tests/sim --seeds 20000` runs more of them, `pytest tests/sim --seed 42` one.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.sim.faults import CrashPoint
from tests.sim.simulation import simulate

BLOCK = 50
"""Seeds in one test, so that every worker gets its share."""

FAULTS = (
    *CrashPoint,
    "append fails, batch written",
    "append fails, nothing written",
    "batches pruned",
    "conflict",
    "connection broken",
    "connection refused",
    "fetch failed",
    "graceful stop",
    "half-open connection",
    "join catching-up",
    "join degraded",
    "join live",
    "join reload",
    "killed",
    "lag merged",
    "log out of reach",
    "message doubled",
    "message lost",
    "message overtaken",
    "queue overflow",
    "read fails",
    "snapshot damaged",
    "snapshot saved",
    "socket swept",
    "write landed after death",
    "zombie fenced",
    "zombie was first",
)
"""What the storm is made of."""
ENDINGS = (
    "placed",
    "lost",
    "banned",
    "locked",
    "paused",
    "rate_limited",
    "out_of_bounds",
    "bad_color",
    "unavailable",
)
"""How a placement can end for its client."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make blocks of seeds."""
    if "seeds" in metafunc.fixturenames:
        seed = metafunc.config.getoption("seed")
        count = metafunc.config.getoption("seeds")
        starts = range(0, count, BLOCK)
        blocks = (
            [range(start, min(start + BLOCK, count)) for start in starts] if seed is None else [range(seed, seed + 1)]
        )
        metafunc.parametrize("seeds", blocks, ids=lambda block: f"{block.start}-{block.stop - 1}")


def test_everybody_agrees_with_the_log(seeds: range) -> None:
    """[SEQ-1] [SEQ-2] [SEQ-3] [SEQ-4] [SEQ-6] [REQ-1] [REQ-2] [REQ-4] [MOD-2] [MOD-3] [STR-2] [SYNC-1] [LOG-2]

    Whatever is lost, doubled, delayed, killed or fenced off.
    """
    for seed in seeds:
        simulate(seed)


def test_a_run_is_a_function_of_its_seed() -> None:
    assert simulate(7) == simulate(7)


def test_the_storm_has_every_fault_and_every_ending() -> None:
    """What never happens is not tested."""
    happened: Counter[str] = Counter()
    for seed in range(150):
        happened += simulate(seed)
        if all(happened[name] for name in (*FAULTS, *ENDINGS)):
            return
    missing = [name for name in (*FAULTS, *ENDINGS) if not happened[name]]
    pytest.fail(f"never seen: {missing}")
