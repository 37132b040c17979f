"""Starting from the log: the newest good snapshot, then every batch after it."""

from __future__ import annotations

from dataclasses import dataclass

from pixels_core.errors import BatchConflict, StoreCorrupt
from pixels_core.ports import EventLog
from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.units import Milliseconds

from .snapshot_codec import unpack_snapshot

LONGEST_REPLAY_MS = 86_400_000
ATTEMPTS = 3
"""How often a late batch may come between reading the log and taking it over; a writer has one under way at most."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A state equal to the log's head, and the batches of at least the last 10 minutes before it."""

    state: CanvasState
    recent: list[EventBatch]


async def recover(log: EventLog, now: Milliseconds, default_limits: Limits | None = None) -> Recovered:
    """Rebuild the state from a log; raises StoreCorrupt where neither snapshots nor batches give a whole one."""
    state = await _newest_state(log, default_limits)
    horizon = await log.number_before(now - max(RETAINED_MS, _filling_ms(state)))
    recent: list[EventBatch] = []
    async for batch in log.read(min(horizon, state.batch_number)):
        if batch.number > state.batch_number:
            state.apply_batch(batch)
        if batch.number > horizon:
            recent.append(batch)
    return Recovered(state, recent)


async def take_over(log: EventLog, now: Milliseconds, default_limits: Limits | None = None) -> Recovered:
    """Rebuild the state for who is going to write, so that nothing another writer began can follow it any more.

    What lands while the log is read is in the state. Raises BatchConflict where others keep writing.
    """
    left = ATTEMPTS
    while True:
        recovered = await recover(log, now, default_limits)
        left -= 1
        try:
            await log.fence(recovered.state.batch_number)
        except BatchConflict:
            if not left:
                raise
        else:
            return recovered


def _filling_ms(state: CanvasState) -> Milliseconds:
    """Return how long an empty user's bucket takes to fill, at most a day: a restart must not refill a cooldown."""
    limit = state.limits.per_user
    return min(int(limit.burst / limit.rate * 1000), LONGEST_REPLAY_MS)


async def _newest_state(log: EventLog, default_limits: Limits | None) -> CanvasState:
    """Return the newest snapshot that is whole and of this log, else an empty canvas."""
    for data in await log.snapshots():
        try:
            state = unpack_snapshot(data, default_limits)
        except StoreCorrupt:
            continue
        if state.identity == log.identity:
            return state
    return CanvasState(log.identity, default_limits)
