"""The socket tier in virtual time: a canvas, the processes that serve it one after the other, its people."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any

from prometheus_client import CollectorRegistry

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ServerFault
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.rules.commands import LockRegion, ModerationCommand, PostNotice, UnlockRegion
from pixels_core.rules.events import EventBatch, NoticePosted
from pixels_core.rules.state import Limits
from pixels_core.rules.token_bucket import RateLimit
from pixels_ws.hub import Hub
from pixels_ws.metrics import SocketMetrics
from tests.sim.ledger import Ledger, RequestKey
from tests.sim.real_host.fault_rates import (
    HOT,
    IDENTITY,
    MODERATOR,
    RESTART_S,
    SIZE,
    FaultRates,
    Span,
)
from tests.sim.real_host.follower import Follower
from tests.sim.real_host.process import Process
from tests.sim.virtual_loop import VirtualClock
from tests.sim.world import finish


class RealWorld:
    """A canvas, its disk, the processes that serve it one after the other, and its people.

    Args:
        seed: which run this is.
    """

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.clock = VirtualClock(self.loop)
        self.fault_rates = FaultRates.drawn(self.dice)
        self.counts: Counter[str] = Counter()
        self.problems: list[BaseException] = []
        self.limits = Limits(RateLimit(self.dice.choice((2, 20)), self.dice.choice((8, 60))), RateLimit(200, 2_000))
        self.ledger = Ledger(SIZE, self.limits.per_user)
        self.heard_of: set[RequestKey] = set()
        self.store = MemoryStore(IDENTITY)
        self.metrics = SocketMetrics(CollectorRegistry())
        self.out_until = 0.0
        self.fences = 0
        """How often the log was taken over: what was under way before never lands."""
        self.process: Process | None = None
        self.loop.set_exception_handler(lambda _loop, context: self._note(context))
        self.start()
        slow_ones = self.dice.randint(0, 2)
        self.followers = [Follower(self, index, slow=index < slow_ones) for index in range(self.dice.randint(2, 4))]

    def _note(self, context: dict[str, Any]) -> None:
        self.problems.append(context.get("exception") or AssertionError(context["message"]))

    def raise_problems(self) -> None:
        """Raise what went wrong where nobody could be told."""
        if self.problems:
            raise self.problems[0]

    # ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def happens(self, name: str, probability: float) -> bool:
        """Say whether a fault happens, and count it; one with a probability of 0 does not move the dice."""
        happens = probability > 0 and self.dice.random() < probability
        self.counts[name] += happens
        return happens

    def span(self, span: Span) -> float:
        """Return a number of seconds."""
        return self.dice.uniform(*span)

    # ── the process ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Have a process start."""
        self.process = Process(self)

    def ended(self) -> None:
        """Have another process start some time after the last has ended."""
        self.process = None
        self.loop.call_later(self.span(RESTART_S), self.start)

    @property
    def hub(self) -> Hub | None:
        """The hub that takes connections at this moment."""
        return self.process.hub if self.process and self.process.accepting else None

    def kill(self) -> None:
        """Kill the process at whatever it waits for."""
        if self.process:
            self.counts["killed"] += 1
            self.process.die()

    def stop(self) -> None:
        """Stop the process with grace."""
        if self.process and self.process.accepting:
            self.counts["stopped"] += 1
            self.process.stop()

    def log_outage(self) -> None:
        """Have the log out of reach for a while."""
        self.out_until = self.loop.time() + self.span((0.5, 8.0))

    def usurp(self) -> None:
        """Have another process write, so that the next append of ours is a conflict."""
        seq, now = self.ledger.head + 1, self.clock.now()
        number = self.store._head[0] + 1
        notice = NoticePosted(seq=seq, time=now, user="ghost", reason="", text=f"Boo {number}")
        self.commit(EventBatch(number, (notice,)))

    def keep_snapshot(self) -> None:
        """Save a snapshot."""
        if self.hub:
            finish(self.store.save_snapshot(self.hub.batch_number, pack_snapshot(self.hub.state)))

    def commit(self, batch: EventBatch) -> None:
        """Write a batch, and tell the ledger; raises BatchConflict."""
        finish(self.store.append(batch))
        self.ledger.commit(batch)

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def anywhere(self) -> tuple[int, int]:
        """Return a place, most likely in the corner, perhaps off the canvas."""
        if self.dice.random() < 0.8:
            return self.dice.randrange(HOT), self.dice.randrange(HOT)
        return self.dice.randrange(-1, SIZE.width + 1), self.dice.randrange(-1, SIZE.height + 1)

    def paint(self) -> None:
        """Have somebody place some pixels."""
        follower = self.dice.choice(self.followers)
        for _ in range(self.dice.choice((1, 1, 2, 6))):
            color = self.dice.randrange(248, 256) if self.dice.random() < 0.05 else self.dice.randrange(32)
            follower.place(*self.anywhere(), color)

    def repeat(self) -> None:
        """Have somebody's script place a pixel, repeat itself, or use an id again for something else."""
        self.dice.choice(self.followers).script()

    def unplug(self) -> None:
        """Take somebody's connection away."""
        self.dice.choice(self.followers).unplug()

    def moderate(self) -> None:
        """Have a moderator do something."""
        lock_id, corner = f"lock-{self.dice.randrange(2)}", self.dice.randrange(HOT)
        commands: tuple[ModerationCommand, ...] = (
            LockRegion(actor=MODERATOR, lock_id=lock_id, rect=Rect(corner, corner, 2, 2)),
            UnlockRegion(actor=MODERATOR, lock_id=lock_id),
            PostNotice(actor=MODERATOR, text=f"Notice {self.dice.randrange(100)}"),
        )
        self.execute(self.dice.choice(commands))

    def execute(self, command: ModerationCommand) -> None:
        """Put a command in as the REST tier does."""
        if self.process and self.hub:
            self.process.spawn(self._execute(self.hub, command))

    async def _execute(self, hub: Hub, command: ModerationCommand) -> None:
        with suppress(ServerFault):  # nobody said in time
            self.ledger.answered(command, await hub.execute(command), self.clock.now())
