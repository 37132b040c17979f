"""The state of one canvas: everything that the log implies, and nothing else.

Applying the same events in the same order gives byte-identical states; the engine, the socket nodes and the API each
hold one and never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import Palette
from pixels_core.errors import StoreCorrupt
from pixels_core.units import Milliseconds, Seq

from .events import (
    Event,
    EventBatch,
    LimitsChanged,
    NoticePosted,
    PaletteChanged,
    PauseChanged,
    PixelPlaced,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from .locks import RegionLocks
from .token_bucket import RateLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """The two buckets that every placement must pass: the user's and the address's (many users can share one)."""

    per_user: RateLimit
    per_address: RateLimit


DEFAULT_LIMITS: Final = Limits(per_user=RateLimit(rate=20, burst=200), per_address=RateLimit(rate=200, burst=2000))
"""Free draw with flood protection; an address has room for ten people behind one router."""


@dataclass(frozen=True, slots=True)
class CanvasIdentity:
    """Which canvas this is. `epoch` is drawn once when a log is created: seqs of another epoch mean nothing here."""

    canvas: str
    epoch: str
    size: Size


class CanvasState:
    """What a canvas looks like after event `seq` of batch `batch_number`.

    Args:
        identity: the canvas this is.
        default_limits: the limits in force until a moderator sets others; from the host's settings, not the log.
        canvas: the bitmap to start from; empty without it.
    """

    def __init__(
        self, identity: CanvasIdentity, default_limits: Limits | None = None, canvas: Canvas | None = None
    ) -> None:
        self.identity = identity
        self.canvas = canvas or Canvas(identity.size)
        self.default_limits = default_limits or DEFAULT_LIMITS
        self.palette = Palette()
        self.locks = RegionLocks()
        self.bans: dict[str, Milliseconds | None] = {}
        self.chosen_limits: Limits | None = None
        self.paused = False
        self.notice = ""
        self.seq: Seq = 0
        self.batch_number = 0
        self.time: Milliseconds = 0

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return self.chosen_limits or self.default_limits

    def copy(self) -> CanvasState:
        """Return an independent copy."""
        twin = CanvasState(self.identity, self.default_limits, self.canvas.copy())
        twin.palette, twin.locks, twin.bans = self.palette, RegionLocks(self.locks), dict(self.bans)
        twin.chosen_limits, twin.paused, twin.notice = self.chosen_limits, self.paused, self.notice
        twin.seq, twin.batch_number, twin.time = self.seq, self.batch_number, self.time
        return twin

    def is_banned(self, user: str, now: Milliseconds) -> bool:
        """Say whether the user may not place at `now`."""
        if user not in self.bans:
            return False
        until = self.bans[user]
        return until is None or now < until

    def apply_batch(self, batch: EventBatch) -> None:
        """Apply the next batch; raises StoreCorrupt where it does not follow this state, and changes nothing then."""
        if batch.number != self.batch_number + 1 or batch.first_seq != self.seq + 1:
            raise StoreCorrupt(
                f"Batch {batch.number} (from seq {batch.first_seq}) does not follow "
                f"batch {self.batch_number} (to seq {self.seq})."
            )
        for event in batch.events:
            self.apply(event)
        self.batch_number = batch.number

    def apply(self, event: Event) -> None:
        """Apply one event; the caller knows that it is the next one."""
        if type(event) is PixelPlaced:
            self.canvas.set(event.cell, event.color)
        else:
            self._apply_moderation(event)
        self.seq = event.seq
        self.time = event.time

    def _apply_moderation(self, event: Event) -> None:
        match event:
            case RegionLocked():
                self.locks.add(event.lock)
            case RegionUnlocked():
                self.locks.remove(event.lock_id)
            case UserBanned(until=0):
                self.bans.pop(event.banned, None)
            case UserBanned():
                self.bans[event.banned] = event.until
            case PaletteChanged():
                self.palette = Palette(event.curated)
            case LimitsChanged():
                self.chosen_limits = Limits(event.per_user, event.per_address)
            case PauseChanged():
                self.paused = event.paused
            case NoticePosted():
                self.notice = event.text
            case PixelPlaced():
                self.canvas.set(event.cell, event.color)
            case _:
                assert_never(event)
