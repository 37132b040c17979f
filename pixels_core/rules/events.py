"""What happened: the accepted changes of one canvas, each numbered, and the batches they are logged in.

An event is a fact. Applying it never fails and never asks the clock; whatever could be refused was refused by the
engine before the event was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from pixels_core.canvas.palette import Swatch
from pixels_core.units import Cell, Color, Milliseconds, Seq

from .locks import RegionLock
from .token_bucket import RateLimit


class PixelPlaced(NamedTuple):
    """One pixel: a tuple and not a dataclass, for there are thousands a second."""

    seq: Seq
    time: Milliseconds
    user: str
    request: int
    cell: Cell
    color: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionLocked:
    """A region was locked."""

    name: ClassVar = "lock"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    lock: RegionLock


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionUnlocked:
    """A lock was taken away."""

    name: ClassVar = "unlock"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    lock_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBanned:
    """A user was banned until a moment, for good (None), or pardoned (0)."""

    name: ClassVar = "ban"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    banned: str
    until: Milliseconds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteChanged:
    """The curated colours changed; all 32 are named."""

    name: ClassVar = "palette"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    curated: tuple[Swatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsChanged:
    """The placement limits changed; all buckets start full again."""

    name: ClassVar = "limits"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    per_user: RateLimit
    per_address: RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseChanged:
    """The canvas was paused or resumed."""

    name: ClassVar = "pause"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePosted:
    """The moderators' notice changed; empty means none."""

    name: ClassVar = "notice"
    seq: Seq
    time: Milliseconds
    user: str
    reason: str
    text: str


ModerationEvent = (
    RegionLocked | RegionUnlocked | UserBanned | PaletteChanged | LimitsChanged | PauseChanged | NoticePosted
)
Event = PixelPlaced | ModerationEvent

MODERATION_EVENTS: Final[tuple[type[ModerationEvent], ...]] = (
    RegionLocked,
    RegionUnlocked,
    UserBanned,
    PaletteChanged,
    LimitsChanged,
    PauseChanged,
    NoticePosted,
)


@dataclass(frozen=True, slots=True)
class EventBatch:
    """What one commit appends to the log: never empty, with consecutive seqs, and a number of its own.

    Batch numbers start at 1 and are consecutive too. The log accepts a number once: that is what fences writers.
    """

    number: int
    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        if not self.events:
            raise ValueError("A batch holds at least one event.")

    @property
    def first_seq(self) -> Seq:
        """Seq of the first event."""
        return self.events[0].seq

    @property
    def last_seq(self) -> Seq:
        """Seq of the last event."""
        return self.events[-1].seq

    @property
    def time(self) -> Milliseconds:
        """Time of the last event."""
        return self.events[-1].time

    def pixels(self) -> list[PixelPlaced]:
        """Return the placements in it."""
        return [event for event in self.events if type(event) is PixelPlaced]

    def moderation(self) -> list[ModerationEvent]:
        """Return what moderators did in it."""
        return [event for event in self.events if not isinstance(event, PixelPlaced)]
