"""Builders: batches, states and whole histories, so that a test says only what it is about."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from pixels_core.canvas.geometry import Rect, Size
from pixels_core.canvas.palette import CURATED, Swatch
from pixels_core.ports import EventLog
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import (
    Actor,
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    Command,
    LockRegion,
    PlacePixel,
    PostNotice,
    UnlockRegion,
)
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import (
    Event,
    EventBatch,
    LimitsChanged,
    ModerationEvent,
    NoticePosted,
    PaletteChanged,
    PauseChanged,
    PixelPlaced,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.state import CanvasIdentity, CanvasState
from pixels_core.rules.token_bucket import RateLimit

T0 = 1_760_000_000_000
"""When tests take place, in milliseconds."""
SMALL = Size(16, 12)
IDENTITY = CanvasIdentity("main", "0123456789abcdef", SMALL)


def make_pixel(seq: int, cell: int = 0, color: int = 1, *, user: str = "ada", time: int = T0) -> PixelPlaced:
    """Return a placement; its request id is its seq."""
    return PixelPlaced(seq, time, user, seq, cell, color)


def make_batch(number: int, first_seq: int | None = None, *, count: int = 1, **pixel: int | str) -> EventBatch:
    """Return a batch of placements in neighbouring cells; without `first_seq`, batches of one follow each other.

    `cell`, `color`, `user` and `time` are those of the first placement.
    """
    seq = number if first_seq is None else first_seq
    first = make_pixel(seq)._replace(time=T0 + 1000 * number)._replace(**pixel)  # type: ignore[arg-type]
    pixels = (first._replace(seq=seq + i, request=seq + i, cell=first.cell + i) for i in range(count))
    return EventBatch(number, tuple(pixels))


def one_of_each(seq: int = 1, time: int = T0) -> tuple[Event, ...]:
    """Return one event of every kind, in an order that can be applied."""
    said = [{"seq": seq + i, "time": time + i, "user": "mod", "reason": "Ünïcode ✓"} for i in range(8)]
    curated = (Swatch("#010203", "Ink"), *CURATED[1:])
    return (
        RegionLocked(lock=RegionLock("l1", Rect(1, 2, 3, 4), "mod", "art"), **said[0]),  # type: ignore[arg-type]
        UserBanned(banned="eve", until=time + 60_000, **said[1]),  # type: ignore[arg-type]
        PaletteChanged(curated=curated, **said[2]),  # type: ignore[arg-type]
        LimitsChanged(per_user=RateLimit(0.2, 6), per_address=RateLimit(2, 60), **said[3]),  # type: ignore[arg-type]
        PauseChanged(paused=True, **said[4]),  # type: ignore[arg-type]
        NoticePosted(text="Back soon", **said[5]),  # type: ignore[arg-type]
        RegionUnlocked(lock_id="l1", **said[6]),  # type: ignore[arg-type]
        PixelPlaced(seq + 7, time + 7, "ada", 2**53 - 1, 191, 247),
    )


def make_notice(seq: int, *, user: str = "mod", time: int = T0, text: str = "Back soon") -> NoticePosted:
    """Return the smallest act of moderation."""
    return NoticePosted(seq=seq, time=time, user=user, reason="", text=text)


def make_lock(seq: int, lock_id: str = "l1", *, user: str = "mod", time: int = T0) -> RegionLocked:
    """Return the setting of a lock; its rectangle is of its seq, so that two of one id differ."""
    lock = RegionLock(lock_id, Rect(seq % 9, 2, 3, 4), user, "art")
    return RegionLocked(seq=seq, time=time, user=user, reason="art", lock=lock)


def make_unlock(seq: int, lock_id: str = "l1", *, user: str = "mod", time: int = T0) -> RegionUnlocked:
    """Return the lifting of a lock."""
    return RegionUnlocked(seq=seq, time=time, user=user, reason="done", lock_id=lock_id)


def make_state(batches: int = 0) -> CanvasState:
    """Return the state after that many of `make_batch`'s batches."""
    state = CanvasState(IDENTITY)
    for number in range(1, batches + 1):
        state.apply_batch(make_batch(number, cell=number % SMALL.cells, color=number % 32))
    return state


def random_commands(seed: int, count: int = 200, size: Size = SMALL) -> Iterator[Command]:
    """Yield commands of every kind from a few users, some of which will be refused; most are placements."""
    dice = random.Random(seed)
    for request in range(1, count + 1):
        if dice.random() < 0.85:
            actor = Actor(user=f"user-{dice.randrange(5)}", role=Role.PAINTER, address=f"10.0.0.{dice.randrange(3)}")
            x, y = dice.randrange(-1, size.width + 1), dice.randrange(size.height)
            yield PlacePixel(actor, request - dice.randrange(2), x, y, dice.randrange(249))
        else:
            yield _random_moderation(dice, size)


def _random_moderation(dice: random.Random, size: Size) -> Command:
    mod = Actor(user="mod", role=Role.MODERATOR)
    lock_id = f"lock-{dice.randrange(4)}"
    rect = Rect(dice.randrange(size.width), dice.randrange(size.height), dice.randint(1, 4), dice.randint(1, 4))
    commands: tuple[Command, ...] = (
        LockRegion(actor=mod, reason="art ✓", lock_id=lock_id, rect=rect),
        UnlockRegion(actor=mod, lock_id=lock_id),
        BanUser(actor=mod, user=f"user-{dice.randrange(5)}", until=dice.choice([None, 0, T0 + 5_000])),
        ChangePalette(actor=mod, changes={dice.randrange(32): Swatch(f"#{dice.randrange(1 << 24):06x}", "New")}),
        ChangeLimits(actor=mod, per_user=RateLimit(dice.randint(1, 50), 100), per_address=RateLimit(100, 1_000)),
        ChangePause(actor=mod, paused=dice.random() < 0.3),
        PostNotice(actor=mod, text=f"Notice {dice.randrange(100)}"),
    )
    return dice.choice(commands)


@dataclass
class History:
    """What an engine made of some commands: its state, and every batch."""

    engine: Engine
    batches: list[EventBatch] = field(default_factory=list)

    @property
    def state(self) -> CanvasState:
        """The engine's state: what the batches must add up to."""
        return self.engine.state

    @property
    def pixels(self) -> list[PixelPlaced]:
        """Every placement, in order."""
        return [pixel for batch in self.batches for pixel in batch.pixels()]

    @property
    def moderation(self) -> list[ModerationEvent]:
        """Every act of moderation, in order."""
        return [event for batch in self.batches for event in batch.moderation()]


def random_history(seed: int, count: int = 200, identity: CanvasIdentity = IDENTITY) -> History:
    """Let an engine decide on random commands and take its batches at random moments."""
    dice = random.Random(seed)
    history = History(Engine(CanvasState(identity)))
    now = T0
    for command in random_commands(seed, count, identity.size):
        now += dice.randrange(500)
        history.engine.handle(command, now)
        if dice.random() < 0.2:
            _take(history)
    _take(history)
    return history


def _take(history: History) -> None:
    batch = history.engine.take_batch()
    if batch:
        history.batches.append(batch)


async def append_all(log: EventLog, batches: list[EventBatch]) -> None:
    """Append batches one after the other."""
    for batch in batches:
        await log.append(batch)


async def read_all(log: EventLog, after: int = 0) -> list[EventBatch]:
    """Return the batches above `after`."""
    return [batch async for batch in log.read(after)]
