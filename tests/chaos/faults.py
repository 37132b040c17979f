"""What can be done to a running cluster."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pixels.cluster.cluster import Cluster
from pixels.cluster.program import Program

logger = logging.getLogger(__name__)

STOP_S: Final = 8.0
"""How long a program stands still: longer than the lease, and than every timeout of the bus."""
DEAD_S: Final = 1.0
"""How long a killed program stays dead."""
HOW: Final = ("kill", "stop", "restart")
WHOM: Final = ("leader", "follower", "api", "redis", "dynamodb", "proxy")


@dataclass
class Fault:
    """One of them: done at a moment; at another, the program served again."""

    whom: str
    how: str
    at: float
    back: float | None = None


class Breaker:
    """Breaks one thing after the other; a thing that is broken already is left alone.

    Args:
        cluster: what to break.
        seed: which faults.
        pause: shortest and longest time between the beginnings of two, in seconds.
    """

    def __init__(self, cluster: Cluster, seed: int, pause: tuple[float, float]) -> None:
        self.faults: list[Fault] = []
        self._cluster = cluster
        self._dice = random.Random(seed)
        self._pause = pause
        self._broken: set[Program] = set()
        self._deck: list[tuple[str, str]] = []

    async def run(self, seconds: float) -> None:
        """Break things for that long, and return when all of it runs again."""
        deadline = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            while time.monotonic() < deadline:
                whom, how = self._draw()
                program = await asyncio.to_thread(self._find, whom)
                if program is not None and program not in self._broken:
                    group.create_task(self._break(program, Fault(whom, how, time.monotonic())))
                await asyncio.sleep(self._dice.uniform(*self._pause))

    def _draw(self) -> tuple[str, str]:
        """Return a victim and a deed; each pair comes once before any comes again."""
        if not self._deck:
            self._deck = [(whom, how) for whom in WHOM for how in HOW]
            self._dice.shuffle(self._deck)
        return self._deck.pop()

    async def _break(self, program: Program, fault: Fault) -> None:
        self._broken.add(program)
        self.faults.append(fault)
        logger.info("%s %s", fault.whom, fault.how)
        deeds: dict[str, Callable[[Program], None]] = {"kill": _kill, "stop": _stop, "restart": _restart}
        await asyncio.to_thread(deeds[fault.how], program)
        while not await asyncio.to_thread(lambda: program.serves):
            if not program.running:  # it ended because something else is broken: a supervisor starts it again
                program.spawn()
            await asyncio.sleep(0.2)
        fault.back = time.monotonic()
        logger.info("%s %s: serves again after %.1f s", fault.whom, fault.how, fault.back - fault.at)
        self._broken.discard(program)

    def _find(self, whom: str) -> Program | None:
        cluster = self._cluster
        fixed = {"api": cluster.api, "redis": cluster.redis, "dynamodb": cluster.dynamo, "proxy": cluster.proxy}
        if whom in fixed:
            return fixed[whom]
        if cluster.redis in self._broken:
            return self._dice.choice(cluster.nodes)
        leader = cluster.leader()
        followers = [node for node in cluster.nodes if node is not leader]
        return leader if whom == "leader" else self._dice.choice(followers)


def _kill(program: Program) -> None:
    program.kill()
    time.sleep(DEAD_S)
    program.spawn()


def _stop(program: Program) -> None:
    program.pause()
    time.sleep(STOP_S)
    program.resume()


def _restart(program: Program) -> None:
    program.terminate()
    program.spawn()
