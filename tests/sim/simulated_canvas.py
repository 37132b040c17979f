"""Everything together: the log, the process that serves it (one after the other), the painters and the moderators."""

from __future__ import annotations

from pixels_core.canvas.geometry import Rect, Size
from pixels_core.canvas.palette import Swatch
from pixels_core.errors import PixelsError
from pixels_core.log.sequencer import SequencerPhase
from pixels_core.protocol.messages import RETAINED_MS, Role
from pixels_core.rules.commands import (
    Actor,
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    Command,
    LockRegion,
    ModerationCommand,
    PlacePixel,
    PostNotice,
    UnlockRegion,
)
from pixels_core.rules.effects import Accepted, Verdict
from pixels_core.rules.state import CanvasIdentity, Limits
from pixels_core.rules.token_bucket import RateLimit
from pixels_core.units import Milliseconds
from tests.sim.ledger import Ledger
from tests.sim.painter import Painter
from tests.sim.process import Process
from tests.sim.store import FailingStore
from tests.sim.world import World
from tests.sim.zombie import Zombie

SIZE = Size(16, 16)
HOT = 6
"""Side of the corner that most people paint in, so that they meet."""
MODERATOR = Actor(user="mod", role=Role.MODERATOR)
RESTART_MS = (10, 3_000)
OUTAGE_MS = (500, 12_000)
SLEEP_MS = (60_000, RETAINED_MS + 300_000)
REMEMBERED_MS = RETAINED_MS - 60_000
"""Until when a script repeats a request: a little less than a server remembers it."""


class SimulatedCanvas:
    """A canvas with its people.

    Args:
        world: the run.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        dice = world.dice
        self.limits = Limits(RateLimit(dice.choice((2, 20)), dice.choice((8, 60))), RateLimit(200, 2_000))
        self.ledger = Ledger(SIZE, self.limits.per_user)
        self.store = FailingStore(CanvasIdentity("main", "0123456789abcdef", SIZE), world, self.ledger)
        self.process: Process | None = None
        self._rude: list[tuple[Milliseconds, PlacePixel]] = []
        self.calm_since: Milliseconds | None = None
        self._start()
        self.painters = [self._painter(index) for index in range(dice.randint(2, 6))]

    def _painter(self, index: int) -> Painter:
        role = Role.VIEWER if self.world.chance(0.05) else Role.PAINTER
        actor = Actor(user=f"user-{index}", role=role, address=f"10.0.0.{index // 2}")
        painter = Painter(
            self.world, self.ledger, actor, lambda: self.process, self.world.chance(self.world.fault_rates.slow)
        )
        painter.tick()
        return painter

    # ── the process ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        try:
            self.process = Process(self.world, self.store, self.ledger, self.limits, self._ended)
        except PixelsError as problem:
            self.world.note("process", "cannot start:", problem)
            self._start_soon()

    def _start_soon(self) -> None:
        self.world.after(self.world.between(RESTART_MS), self._start)

    def _ended(self) -> None:
        self.process = None
        self._start_soon()

    def kill(self) -> None:
        """Kill the process at a moment of no importance."""
        if self.process:
            self.world.counts["killed"] += 1
            self.process.die()

    def restart(self) -> None:
        """Stop the process with grace."""
        if self.process:
            self.process.stop()

    def usurp(self) -> None:
        """Have another process take over while the old sequencer believes that it still leads."""
        if (
            self.process
            and self.process.sequencer.phase is SequencerPhase.READY
            and self.process.sequencer.due_at() is None
        ):
            engine = self.process.sequencer.engine
            self.process.die()
            Zombie(self.world, self.store, engine)

    def log_outage(self) -> None:
        """Have the log out of reach for a while."""
        self.store.out_until = self.world.now + self.world.between(OUTAGE_MS)

    def keep_snapshot(self) -> None:
        """Save a snapshot and prune."""
        if self.process:
            self.process.do(self.process.keep_snapshot)

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def paint(self) -> None:
        """Have somebody place some pixels."""
        dice = self.world.dice
        painter = dice.choice(self.painters)
        if painter.asleep:
            return
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            x, y = self._anywhere()
            painter.place(x, y, dice.randrange(252) if self.world.chance(0.1) else dice.randrange(32))

    def _anywhere(self) -> tuple[int, int]:
        dice = self.world.dice
        if self.world.chance(0.7):
            return dice.randrange(HOT), dice.randrange(HOT)
        return dice.randrange(-1, SIZE.width + 1), dice.randrange(-1, SIZE.height + 1)

    def unplug(self) -> None:
        """Take somebody's connection away."""
        self.world.dice.choice(self.painters).unplug()

    def sleep(self) -> None:
        """Have somebody close the lid, perhaps for longer than the stream is retained."""
        painter = self.world.dice.choice(self.painters)
        if not painter.asleep:
            painter.sleep(self.world.between(SLEEP_MS))

    def be_rude(self) -> None:
        """Have a script place a pixel, repeat itself, or use an id again for something else."""
        dice = self.world.dice
        remembered = [command for asked, command in self._rude[-5:] if self.world.now - asked < REMEMBERED_MS]
        if not remembered or self.world.chance(0.5):
            actor = Actor(user=f"user-{dice.randrange(6)}", role=Role.PAINTER, address="10.0.1.1")
            x, y = self._anywhere()
            command = PlacePixel(actor, dice.randrange(2**52), x, y, dice.randrange(32))
            self._rude.append((self.world.now, command))
        else:
            old = dice.choice(remembered)
            other = self.world.chance(0.5)
            command = PlacePixel(old.actor, old.request, old.x, old.y, dice.randrange(32) if other else old.color)
        self._execute(command)

    def moderate(self) -> None:
        """Have a moderator do something; what is closed is opened again sooner or later."""
        self._execute(self._moderation())

    def greet(self) -> None:
        """Post a notice where the server was overtaken by another writer: it learns of that when it next writes."""
        if self.process and self.process.hub.projection.state.seq != self.ledger.head:
            self._execute(PostNotice(actor=MODERATOR, text="The storm is over"))

    def _moderation(self) -> ModerationCommand:
        dice = self.world.dice
        lock_id = f"lock-{dice.randrange(3)}"
        rect = Rect(dice.randrange(HOT), dice.randrange(HOT), dice.randint(1, 4), dice.randint(1, 4))
        until: Milliseconds | None = dice.choice((None, 0, 0, self.world.now + 3_000))
        rate, burst = dice.choice(((1, 5), (5, 20), (50, 200)))
        commands: tuple[ModerationCommand, ...] = (
            LockRegion(actor=MODERATOR, lock_id=lock_id, rect=rect),
            UnlockRegion(actor=MODERATOR, lock_id=lock_id),
            UnlockRegion(actor=MODERATOR, lock_id=lock_id),
            BanUser(actor=MODERATOR, user=f"user-{dice.randrange(6)}", until=until),
            ChangePalette(
                actor=MODERATOR, changes={dice.randrange(32): Swatch("#123456", f"No. {dice.randrange(9)}")}
            ),
            ChangeLimits(actor=MODERATOR, per_user=RateLimit(rate, burst), per_address=RateLimit(100, 1_000)),
            ChangePause(actor=MODERATOR, paused=self.world.chance(0.2)),
            PostNotice(actor=MODERATOR, text=f"Notice {dice.randrange(100)}"),
            LockRegion(actor=Actor(user="eve", role=Role.PAINTER), lock_id="mine", rect=rect),
        )
        return dice.choice(commands)

    def _execute(self, command: Command) -> None:
        """Put a command in as the REST tier does, and wait for its verdict."""
        process = self.process
        if process:
            self.world.note(command.actor.user, "asks:", command)
            process.do(lambda: process.submit(self._noted, command))

    def _noted(self, command: Command, verdict: Verdict) -> None:
        self.world.note(command.actor.user, "is answered:", verdict)
        kind = "accepted" if isinstance(verdict, Accepted) else verdict.reason
        self.world.counts[f"{type(command).__name__} {kind}"] += 1
