"""Virtual time, dice, and what is going to happen: everything in a run comes from one seed."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

from pixels_core.units import Milliseconds
from tests.sim.faults import FaultRates
from tests.support.builders import T0

T = TypeVar("T")

TRACE_LENGTH = 100


class World:
    """The one clock and the one source of chance of a run.

    Args:
        seed: which run this is.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.now: Milliseconds = T0
        self.fault_rates = FaultRates.drawn(self.dice)
        self.counts: Counter[str] = Counter()
        self._agenda: list[tuple[Milliseconds, int, Callable[[], None]]] = []
        self._order = count()
        self._trace: deque[tuple[Milliseconds, str, tuple[object, ...]]] = deque(maxlen=TRACE_LENGTH)

    # ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def chance(self, probability: float) -> bool:
        """Say yes with a probability; one of 0 does not move the dice."""
        return probability > 0 and self.dice.random() < probability

    def happens(self, name: str, probability: float) -> bool:
        """Say whether a fault happens; one that does is counted and noted."""
        if not self.chance(probability):
            return False
        self.counts[name] += 1
        self.note("fault", name)
        return True

    def between(self, span: tuple[int, int]) -> int:
        """Return a whole number within a span, both ends included."""
        return self.dice.randint(*span)

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def after(self, delay: Milliseconds, do: Callable[[], None]) -> None:
        """Have something done after a delay; what is due at the same moment is done in the order of asking."""
        heappush(self._agenda, (self.now + max(0, delay), next(self._order), do))

    def run_until(self, moment: Milliseconds) -> None:
        """Let everything happen that is due up to a moment."""
        while self._agenda and self._agenda[0][0] <= moment:
            self.now, _, do = heappop(self._agenda)
            do()
        self.now = moment

    # ── the trace ───────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, who: str, *what: object) -> None:
        """Remember what happened, for the trace of a failure."""
        self._trace.append((self.now, who, what))

    def trace(self) -> str:
        """Return the last events, one a line, with the seconds since the run began."""
        return "\n".join(
            f"{(moment - T0) / 1000:9.3f}  {who:<9} {' '.join(map(_short, what))}"
            for moment, who, what in self._trace
        )


def _short(thing: object) -> str:
    text = str(thing)
    return text if len(text) <= 200 else f"{text[:200]}…"


def finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never really waits, as those of the store in memory, and return its result."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("A coroutine waits: the simulation has no event loop.")
