"""`python -m tests.chaos --seconds 60 --clients 100 --seed 1`: break everything, then check every promise."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
import sys
from pathlib import Path

from tests.chaos.report import page, report
from tests.chaos.run import Plan, run

logger = logging.getLogger(__name__)


def main() -> None:
    """Run one plan and print its report; a broken promise is an AssertionError."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Break a distributed canvas.")
    parser.add_argument("--seconds", type=float, default=60, help="how long things break (60)")
    parser.add_argument("--clients", type=int, default=100, help="people who draw (100)")
    parser.add_argument("--nodes", type=int, default=3, help="socket processes (3)")
    parser.add_argument("--rate", type=float, default=1, help="pixels a second of each (1)")
    parser.add_argument("--seed", type=int, default=None, help="which faults; drawn where there is none")
    parser.add_argument("--page", type=Path, default=None, help="write what came of it to this file, as Markdown")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything is ended
    logger.info("Seed %d", seed)
    plan = Plan(given.seconds, given.clients, seed, given.nodes, given.rate)
    outcome = asyncio.run(run(plan))
    sys.stdout.write(report(outcome))
    if given.page:
        given.page.write_text(page(outcome), encoding="utf-8")


if __name__ == "__main__":
    main()
