"""What can go wrong, and how often: drawn anew for each run, so that some runs are storms and some nearly calm."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


class CrashPoint(StrEnum):
    """Where the server's process can die on the way from a command to its answer."""

    BEFORE_APPEND = "crash before append"
    IN_APPEND = "crash during append"
    AFTER_APPEND = "crash after append, before its return"
    AFTER_COMMIT = "crash after the commit, before publishing"
    MID_PUBLISH = "crash in mid-publish"
    AFTER_PUBLISH = "crash between publishing and answers"
    MID_ANSWERS = "crash in mid-answers"
    IN_RECOVERY = "crash during recovery"
    BEFORE_SNAPSHOT = "crash before saving a snapshot"
    BEFORE_PRUNE = "crash between saving a snapshot and pruning"


OFTEN = (CrashPoint.MID_PUBLISH, CrashPoint.MID_ANSWERS)
"""Crash points that are passed many times in a batch."""


class Crashed(Exception):
    """The process is gone, in the middle of whatever it did."""


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Probabilities of every fault, and spans of every delay in milliseconds."""

    crash: float = 0.0
    """At each crash point that is passed once a batch."""
    crash_between_sockets: float = 0.0
    """At each socket and each answer of a batch."""
    append_lost: float = 0.0
    """An append fails and nothing was written."""
    append_unknown: float = 0.0
    """An append fails although the batch was written."""
    read_fails: float = 0.0
    lost: float = 0.0
    """A message never arrives."""
    doubled: float = 0.0
    """A message arrives twice."""
    overtaken: float = 0.0
    """A message arrives later than those behind it."""
    dropped: float = 0.0
    """The connection breaks at a message."""
    silent: float = 0.0
    """A connection that breaks is not noticed by the client before its timeout."""
    refused: float = 0.0
    """A connection attempt or a fetch fails."""
    slow: float = 0.0
    """A socket takes messages slowly."""
    latency: Span = (1, 20)
    late: Span = (0, 0)
    """By how much a doubled or overtaken message is late."""
    append: Span = (1, 5)
    gap: Span = (0, 400)
    """Between two things that people do."""
    tick: int = 500
    long: bool = False
    """Whether the run is longer than the 10 minutes that the stream is retained."""

    @classmethod
    def drawn(cls, dice: random.Random) -> FaultRates:
        """Draw one: a severity for each kind of fault, and minutes of activity or more than the 10 retained."""
        link, log, life = (dice.choice((0.0, 0.3, 1.0)) for _ in range(3))
        long = dice.random() < 0.2
        return cls(
            crash=0.02 * life,
            crash_between_sockets=0.003 * life,
            append_lost=0.06 * log,
            append_unknown=0.06 * log,
            read_fails=0.2 * log,
            lost=0.03 * link,
            doubled=0.04 * link,
            overtaken=0.04 * link,
            dropped=0.01 * link,
            silent=0.3 * link,
            refused=0.2 * link,
            slow=dice.choice((0.0, 0.5)),
            latency=dice.choice(((1, 5), (5, 80), (20, 400))),
            late=dice.choice(((1, 100), (100, 3_000), (1_000, 20_000))),
            append=dice.choice(((1, 5), (1, 60), (20, 1_500))),
            gap=(0, 10_000) if long else dice.choice(((0, 40), (0, 400))),
            tick=5_000 if long else 500,
            long=long,
        )


CALM = FaultRates()
"""The fault_rates in which everything must come right."""
