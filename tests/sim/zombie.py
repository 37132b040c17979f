"""A sequencer that was replaced and does not know it: it keeps trying to append."""

from __future__ import annotations

from pixels_core.errors import BatchConflict, StoreUnavailable
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from tests.sim.store import FailingStore
from tests.sim.world import World, finish

GHOST = Actor(user="ghost", role=Role.PAINTER)
"""Whom it works for: somebody who asks nobody else."""
ATTEMPTS = 8
PAUSE_MS = (0, 1_500)


class Zombie:
    """Races the new writer for its first batch; whoever loses never commits again without reading the log.

    Args:
        world: the time.
        store: the log, which has to refuse it.
        engine: the old sequencer's, with nothing in flight.
    """

    def __init__(self, world: World, store: FailingStore, engine: Engine) -> None:
        self._world = world
        self._store = store
        self._engine = engine
        self._batch: EventBatch | None = None
        self._fenced = False
        self._left = ATTEMPTS
        world.counts["zombie"] += 1
        self._again()

    def _again(self) -> None:
        if self._left:
            self._left -= 1
            self._world.after(self._world.between(PAUSE_MS), self._try)

    def _try(self) -> None:
        self._batch = self._batch or self._next_batch()
        if self._batch:
            self._append(self._batch)
        self._again()

    def _next_batch(self) -> EventBatch | None:
        request = self._world.dice.randrange(2**52)
        size = self._engine.state.identity.size
        x, y = self._world.dice.randrange(size.width), self._world.dice.randrange(size.height)
        self._engine.handle(PlacePixel(GHOST, request, x, y, 31), self._world.now)
        return self._engine.take_batch()

    def _append(self, batch: EventBatch) -> None:
        try:
            finish(self._store.append(batch))
        except BatchConflict:
            self._fenced = True
            self._world.counts["zombie fenced"] += 1
        except StoreUnavailable:
            pass
        else:
            assert not self._fenced, "A writer that was fenced off has committed."
            self._world.counts["zombie was first"] += 1
            self._batch = None
