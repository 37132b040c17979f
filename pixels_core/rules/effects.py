"""What the engine answers: a verdict for whoever asked, and the event that is to be committed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pixels_core.errors import ReasonCode
from pixels_core.units import Color, Milliseconds, Seq

from .events import Event


@dataclass(frozen=True, slots=True)
class Accepted:
    """The change is number `seq`; also the answer to a repeat of an accepted request."""

    seq: Seq


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed. `color` is what stands in the cell (None where there is no such cell)."""

    reason: ReasonCode
    message: str | None = None
    retry_after_ms: Milliseconds | None = None
    color: Color | None = None

    def standing(self, color: Color | None) -> Refused:
        """Return the same refusal with the colour that stands."""
        return replace(self, color=color)


Verdict = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from a command: the verdict, and the event to commit (None: nothing changed)."""

    verdict: Verdict
    event: Event | None = None
