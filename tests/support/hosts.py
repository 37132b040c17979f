"""A canvas host for tests of the REST tier: the real engine, without sockets, without a log to wait for."""

from __future__ import annotations

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.canvas.geometry import Size
from pixels_core.ports import Clock
from pixels_core.protocol.messages import Mode, Role
from pixels_core.rules.commands import Actor, Command, PlacePixel
from pixels_core.rules.effects import Accepted, Verdict
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import PixelPlaced
from pixels_core.rules.state import CanvasIdentity, CanvasState
from pixels_core.units import Color, Milliseconds, Seq

PAINTER = Actor(user="u_painter", role=Role.PAINTER)
MODERATOR = Actor(user="u_moderator", role=Role.MODERATOR)


class EngineHost:
    """A CanvasHost in a few lines: each command is its own batch, committed to a MemoryStore at once."""

    def __init__(self, clock: Clock, size: Size | None = None, name: str = "main", epoch: str = "e1") -> None:
        identity = CanvasIdentity(name, epoch, size or Size(20, 10))
        self.store = MemoryStore(identity)
        self.engine = Engine(CanvasState(identity))
        self.mode = Mode.LIVE
        self.online = 0
        self._clock = clock
        self._placed: list[Milliseconds] = []
        self._requests = 0

    @property
    def state(self) -> CanvasState:
        """The state; all of it is committed."""
        return self.engine.state

    def placed_since(self, time: Milliseconds) -> int:
        """Return how many changes are younger than `time`."""
        return sum(moment > time for moment in self._placed)

    async def refresh(self) -> None:
        """Do nothing: there is nobody else who commits."""

    async def execute(self, command: Command) -> Verdict:
        """Put a command through the engine and the store."""
        effects = self.engine.handle(command, self._clock.now())
        batch = self.engine.take_batch()
        if batch:
            await self.store.append(batch)
        if isinstance(effects.event, PixelPlaced):
            self._placed.append(effects.event.time)
        return effects.verdict

    async def place(self, x: int, y: int, color: Color, user: str = PAINTER.user) -> Seq:
        """Place a pixel that has to be accepted; return its seq."""
        self._requests += 1
        actor = Actor(user=user, role=Role.PAINTER)
        verdict = await self.execute(PlacePixel(actor, self._requests, x, y, color))
        assert isinstance(verdict, Accepted), verdict
        return verdict.seq
