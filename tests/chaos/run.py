"""One run: a crowd draws, things break, and afterwards every promise is checked."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pixels.cluster.cluster import UNLIMITED, Cluster, running_cluster
from pixels.cluster.program import Program
from tests.chaos.faults import Breaker, Fault
from tests.support.crowd import Crowd, Log, crowd
from tests.support.table import Reign, Table

logger = logging.getLogger(__name__)

SETTLE_S: Final = 90.0
PROJECT_S: Final = 30.0
LONGEST_RECOVERY_S: Final = 240.0
"""A run that lasts longer hangs."""


@dataclass(frozen=True)
class Plan:
    """What to do."""

    seconds: float
    clients: int
    seed: int
    nodes: int = 3
    pixels_per_second: float = 1.0
    pause: tuple[float, float] = (2.0, 5.0)


@dataclass(frozen=True)
class Consequence:
    """What a fault led to, in seconds after it."""

    fault: Fault
    led: float | None
    """Until another node led; None where the leader stayed."""
    working: float | None
    """Until a pixel was acknowledged that was asked for after it."""


@dataclass(frozen=True)
class Outcome:
    """What came of it; all promises held, or there would be none."""

    plan: Plan
    consequences: list[Consequence]
    batches: int
    pixels: int
    placed: int
    refused: dict[str, int]
    denied: int
    longest_silence: float
    longest_wait: float
    reconnects: int
    terms: int
    reigns: list[Reign]


async def run(plan: Plan) -> Outcome:
    """Run a plan; raises AssertionError where a promise was broken."""
    with tempfile.TemporaryDirectory(prefix="pixels-") as folder:
        settings = {**UNLIMITED, "snapshot_seconds": "5"}
        running = running_cluster(Path(folder), plan.nodes, settings=settings)
        cluster = await asyncio.to_thread(running.__enter__)
        try:
            async with asyncio.timeout(plan.seconds + LONGEST_RECOVERY_S):
                return await _on(cluster, plan)
        except BaseException:
            for program in cluster.programs:
                print(f"── {program.name}", *program.log[-30:], sep="\n")  # noqa: T201  # for whoever looks into it
            raise
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)


async def _on(cluster: Cluster, plan: Plan) -> Outcome:
    async with crowd(cluster.url, plan.clients) as people:
        breaker = Breaker(cluster, plan.seed, plan.pause)
        async with people.drawing(plan.pixels_per_second, plan.seed):
            await asyncio.sleep(2)
            await breaker.run(plan.seconds)
            logger.info("Everything is to serve again")
            await _whole(cluster)
            await asyncio.sleep(5)
        logger.info("Everybody is to be answered")
        store = await cluster.open_log()
        try:
            await people.settle(store, SETTLE_S)
            logged = await Log.read(store)
        finally:
            await store.close()
        denied = logged.check(people)
        table = await _projected(cluster, logged)
        terms = cluster.terms()
        assert list(table.writers) == logged.numbers
        table.check(logged.pixels, len(terms))
        return _outcome(plan, _consequences(breaker, people, terms), people, logged, table, terms, denied)


async def _projected(cluster: Cluster, logged: Log) -> Table:
    """Read the table when its records are as far as the log, or cannot be expected to come any further."""
    deadline = time.monotonic() + PROJECT_S
    while True:
        table = await Table.read(cluster.dynamo_settings)
        newest = max((record.seq for record in table.records.values()), default=0)
        if newest >= logged.seq or time.monotonic() > deadline:
            return table
        await asyncio.sleep(0.5)


async def _whole(cluster: Cluster) -> None:
    """Wait until everything serves again."""
    await asyncio.gather(*(asyncio.to_thread(Program.wait_ready, program) for program in cluster.programs))


def _consequences(breaker: Breaker, people: Crowd, terms: list[float]) -> list[Consequence]:
    beginnings = [fault.at for fault in breaker.faults[1:]] + [float("inf")]
    found = []
    for fault, next_fault in zip(breaker.faults, beginnings, strict=True):
        led = next((term - fault.at for term in terms if fault.at < term < next_fault), None)
        found.append(Consequence(fault, led, people.working_again_after(fault.at)))
    return found


def _outcome(
    plan: Plan,
    consequences: list[Consequence],
    people: Crowd,
    logged: Log,
    table: Table,
    terms: list[float],
    denied: int,
) -> Outcome:
    waits = [wait for painter in people.painters for wait in painter.waits]
    return Outcome(
        plan=plan,
        consequences=consequences,
        batches=len(logged.numbers),
        pixels=len(logged.pixels),
        placed=people.placed,
        refused={reason.value: count for reason, count in people.refusals.items()},
        denied=denied,
        longest_silence=people.longest_silence(),
        longest_wait=max(waits, default=0.0),
        reconnects=sum(painter.client.statistics.resyncs for painter in people.painters),
        terms=len(terms),
        reigns=table.reigns(),
    )
