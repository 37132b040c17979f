"""One run: a crowd draws, things break, and afterwards every promise is checked."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos.faults import Breaker, Fault
from tests.support.cluster import UNLIMITED, Cluster, running_cluster
from tests.support.crowd import Crowd, Log, crowd
from tests.support.processes import Program

logger = logging.getLogger(__name__)

SETTLE_S: Final = 90.0


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
class Outcome:
    """What came of it; all promises held, or there would be none."""

    plan: Plan
    faults: list[tuple[Fault, float | None]]
    """Each with how long it took until a pixel was acknowledged that was asked for after it."""
    batches: int
    pixels: int
    placed: int
    refused: dict[str, int]
    denied: int
    longest_silence: float
    longest_wait: float
    reconnects: int
    leaders: list[str]


async def run(plan: Plan) -> Outcome:
    """Run a plan; raises AssertionError where a promise was broken."""
    with tempfile.TemporaryDirectory(prefix="pixels-") as folder:
        settings = {**UNLIMITED, "snapshot_seconds": "5"}
        running = running_cluster(Path(folder), plan.nodes, settings=settings)
        cluster = await asyncio.to_thread(running.__enter__)
        try:
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
        return _outcome(cluster, plan, breaker, people, logged, denied)


async def _whole(cluster: Cluster) -> None:
    """Wait until everything serves again."""
    await asyncio.gather(*(asyncio.to_thread(Program.wait_ready, program) for program in cluster.programs))


def _outcome(cluster: Cluster, plan: Plan, breaker: Breaker, people: Crowd, logged: Log, denied: int) -> Outcome:
    waits = [wait for painter in people.painters for wait in painter.waits]
    return Outcome(
        plan=plan,
        faults=[(fault, people.working_again_after(fault.at)) for fault in breaker.faults],
        batches=len(logged.numbers),
        pixels=len(logged.pixels),
        placed=people.placed,
        refused={reason.value: count for reason, count in people.refusals.items()},
        denied=denied,
        longest_silence=people.longest_silence(),
        longest_wait=max(waits, default=0.0),
        reconnects=sum(painter.client.statistics.resyncs for painter in people.painters),
        leaders=[line for node in cluster.nodes for line in node.log if " leads term " in line],
    )


def _down(fault: Fault) -> float | None:
    return None if fault.back is None else fault.back - fault.at


def report(outcome: Outcome) -> str:
    """Return what came of it, as Markdown."""
    plan = outcome.plan
    start = min(fault.at for fault, _ in outcome.faults)
    lines = [
        f"`--seconds {plan.seconds:.0f} --clients {plan.clients} --nodes {plan.nodes} --seed {plan.seed}`",
        "",
        f"{len(outcome.faults)} faults, {outcome.placed} pixels acknowledged; every promise held.",
        "",
        "| at | what | how | until it served again | until a new pixel was acknowledged |",
        "|---:|---|---|---:|---:|",
    ]
    for fault, again in outcome.faults:
        spans = " | ".join("–" if span is None else f"{span:.1f} s" for span in (_down(fault), again))
        lines.append(f"| {fault.at - start:.1f} s | {fault.whom} | {fault.how} | {spans} |")
    refused = ", ".join(f"{count} {reason}" for reason, count in sorted(outcome.refused.items())) or "none"
    lines += [
        "",
        f"- Longest time without any acknowledgement: {outcome.longest_silence:.2f} s.",
        f"- Longest time that one request took: {outcome.longest_wait:.2f} s.",
        f"- Refused: {refused}; of these in the log all the same: {outcome.denied}.",
        f"- The log: {outcome.batches} batches, {outcome.pixels} pixels, {len(outcome.leaders)} terms of leadership.",
        "",
    ]
    return "\n".join(lines)
