"""Saves snapshots while the canvas lives, and lets the log forget what they cover."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pixels_core.errors import PixelsError
from pixels_core.log.snapshot_codec import capture
from pixels_core.ports import Clock, EventLog
from pixels_core.rules.state import CanvasState
from pixels_ws.metrics import SocketMetrics
from pixels_ws.settings import SocketSettings

logger = logging.getLogger(__name__)

_DAY_MS = 86_400_000


class SnapshotKeeper:
    """Saves the committed state every `snapshot_seconds` if it changed.

    Args:
        state: the committed state (the hub's).
        log: where snapshots go.
        clock: the time.
        settings: how often, and how long the log is kept.
        metrics: where snapshots are counted.
    """

    def __init__(
        self, state: CanvasState, log: EventLog, clock: Clock, settings: SocketSettings, metrics: SocketMetrics
    ) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._settings = settings
        self._metrics = metrics
        self._saved = state.batch_number

    async def run(self, on_duty: Callable[[], bool] = lambda: True) -> None:
        """Work until cancelled, whenever `on_duty`; a store that fails is tried again at the next turn."""
        while True:
            await asyncio.sleep(self._settings.snapshot_seconds)
            try:
                if on_duty():
                    await self.save()
            except PixelsError as problem:
                logger.warning("No snapshot was saved: %s", problem)

    async def save(self) -> None:
        """Save a snapshot now if anything changed since the last."""
        if self._state.batch_number == self._saved:
            return
        held = capture(self._state)
        number = held.header.batch_number
        await self._log.save_snapshot(number, await asyncio.to_thread(held.pack))
        self._saved = number
        self._metrics.snapshots.inc()
        if self._settings.retention_days is not None:
            await self._log.prune(self._clock.now() - int(self._settings.retention_days * _DAY_MS))
