"""What may go wrong, how often and for how long; and the sizes of this world."""

from __future__ import annotations

import random
from dataclasses import dataclass

from pixels_core.canvas.geometry import Size
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor
from pixels_core.rules.state import CanvasIdentity
from pixels_core.rules.token_bucket import RateLimit

SIZE = Size(16, 16)
HOT = 5
"""Side of the corner that most people paint in, so that they meet."""
IDENTITY = CanvasIdentity("main", "0123456789abcdef", SIZE)
MODERATOR = Actor(user="mod", role=Role.MODERATOR)
NO_FLOOD = RateLimit(10_000, 10_000)
STALL_MS = 6_000
SWEEP_S = 1.0
TICK_S = 1.0
NOTICED_S = 0.3
"""How long a client takes, at most, to notice that its connection is gone."""
RESTART_S = (0.01, 2.0)
GRACE_S = 2.0
SETTLED_S = 0.001
LATE_WRITE_S = (0.0, 8.0)
"""How long a batch that nobody waits for any more may still be under way."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Probabilities of the faults, and spans of the delays in seconds."""

    crash: float = 0.0
    """At each step of an append, and at each frame."""
    lost: float = 0.0
    """An append fails and nothing was written."""
    unknown: float = 0.0
    """An append fails although the batch was written."""
    overdue: float = 0.0
    """An append fails, and the batch is written later, unless somebody takes the log over before."""
    read_fails: float = 0.0
    slow: float = 0.0
    """A frame is taken late by a slow socket."""
    append: Span = (0.0, 0.003)
    late: Span = (0.0, 0.0)
    """By how much a slow socket is late."""

    @classmethod
    def drawn(cls, dice: random.Random) -> FaultRates:
        """Draw one; some runs are nearly calm."""
        log, life = dice.choice((0.0, 0.3, 1.0)), dice.choice((0.0, 0.3, 1.0))
        return cls(
            crash=0.015 * life,
            lost=0.08 * log,
            unknown=0.08 * log,
            overdue=0.08 * log,
            read_fails=0.1 * log,
            slow=dice.choice((0.0, 0.2, 0.6)),
            append=dice.choice(((0.0, 0.003), (0.001, 0.05), (0.02, 1.5))),
            late=dice.choice(((0.01, 0.2), (0.1, 2.0), (0.1, 9.0))),
        )
