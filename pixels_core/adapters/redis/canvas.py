"""A canvas as an API process sees it that keeps no state of its own: the log for what is true, the bus for the rest.

What it holds between requests is a cache: it is brought up to the log's head before every answer, and a fresh process
(a Lambda function, say) starts from the snapshot on the bus, or from the log alone.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import suppress
from typing import Final

from pixels_core.errors import (
    BusUnavailable,
    ConfigurationError,
    PixelsError,
    ReasonCode,
    StoreCorrupt,
    StoreUnavailable,
)
from pixels_core.log.recovery import recover
from pixels_core.log.snapshot_codec import unpack_snapshot
from pixels_core.ports import Clock, EventLog
from pixels_core.protocol.messages import Mode
from pixels_core.rules.commands import Command
from pixels_core.rules.effects import Verdict
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.stream.projection import Projection
from pixels_core.units import Milliseconds

from .bus import START, RedisBus

logger = logging.getLogger(__name__)

REPLY_SECONDS: Final = 8.0
"""How long a command may take; longer than a takeover, so that a leader's death is no error."""
PRESENCE_TTL_MS: Final = 1_000
PATIENCE_SECONDS: Final = 2.0
"""How long a log that failed is left alone; to find out again may take as long as the store tries."""
_BLOCK_MS = 500


class RedisCanvas:
    """CanvasHost over a log and a bus.

    Args:
        log: the canvas's log, read only.
        bus: the canvas's bus.
        clock: the time.
        default_limits: limits in force until a moderator sets others.
    """

    def __init__(self, log: EventLog, bus: RedisBus, clock: Clock, default_limits: Limits) -> None:
        self._log = log
        self._bus = bus
        self._clock = clock
        self._default_limits = default_limits
        self._projection: Projection | None = None
        self._refreshing = asyncio.Lock()
        self._asked: Milliseconds = 0
        self._try_again = 0.0
        self._mode = Mode.DEGRADED
        self._online = 0

    @property
    def state(self) -> CanvasState:
        """The state of the last `refresh`."""
        if self._projection is None:
            raise StoreUnavailable("The canvas was not read yet.")
        return self._projection.state

    @property
    def mode(self) -> Mode:
        """`live` while somebody sequences the canvas, as of the last `refresh`."""
        return self._mode

    @property
    def online(self) -> int:
        """Open sockets on all nodes, as of the last `refresh`."""
        return self._online

    def placed_since(self, time: Milliseconds) -> int:
        """Return how many changes are younger than `time`."""
        return self._projection.retained.placed_since(time) if self._projection else 0

    async def refresh(self) -> None:
        """Read what was committed since the last time, and (now and then) who is there.

        While the log cannot be read, what was known stays and the mode says so; raises PixelsError where nothing was.
        """
        async with self._refreshing:
            if self._projection and time.monotonic() < self._try_again:
                return  # one in a while finds out; the others need not wait for that
            try:
                await self._read()
            except (StoreUnavailable, ConfigurationError) as problem:
                self._mode, self._asked = Mode.DEGRADED, 0
                self._try_again = time.monotonic() + PATIENCE_SECONDS
                if self._projection is None:
                    raise
                logger.warning("The canvas is shown as it was at seq %d: %s", self.state.seq, problem)
                return
            if self._clock.now() - self._asked > PRESENCE_TTL_MS:
                await self._ask_bus()

    async def _read(self) -> None:
        if self._projection is None:
            self._projection = await self._first()
        try:
            async for batch in self._log.read(self._projection.state.batch_number):
                self._projection.apply(batch)
        except StoreCorrupt:  # pruning may have overtaken this process; a log that is damaged says so again
            self._projection = await self._recovered()

    async def execute(self, command: Command) -> Verdict:
        """Send a command to the sequencer and wait for its verdict; raises BusUnavailable when none comes in time."""
        node = f"api-{secrets.token_hex(8)}"
        await self._bus.check_log(self._log.identity.epoch)
        await self._bus.send_commands(node, [(1, command)])
        position, deadline = START, time.monotonic() + REPLY_SECONDS
        try:
            while time.monotonic() < deadline:
                position, verdicts = await self._bus.read_replies(node, position, _BLOCK_MS)
                if verdicts:
                    return verdicts[0][1]
            raise BusUnavailable(
                "The command was sent, but nobody said in time whether it was done: look before you repeat it.",
                ReasonCode.UNAVAILABLE,
            )
        finally:
            with suppress(PixelsError):  # they are forgotten a little later by themselves
                await self._bus.forget_replies(node)

    async def _first(self) -> Projection:
        try:
            kept = await self._bus.snapshot(newer_than=-1)
            if kept:
                state = await asyncio.to_thread(unpack_snapshot, kept, self._default_limits)
                if await self._is_of_log(state):
                    return Projection(state)
        except (BusUnavailable, ConfigurationError, StoreCorrupt):
            pass  # the cache only saves time
        return await self._recovered()

    async def _is_of_log(self, state: CanvasState) -> bool:
        """Say whether a state is one that the log led to: a log restored from a backup may end before it."""
        if state.identity != self._log.identity:
            return False
        if state.batch_number == 0:
            return True
        async for batch in self._log.read(state.batch_number - 1):
            return (batch.number, batch.last_seq, batch.time) == (state.batch_number, state.seq, state.time)
        return False

    async def _recovered(self) -> Projection:
        recovered = await recover(self._log, self._clock.now(), self._default_limits)
        return Projection(recovered.state, recovered.recent)

    async def _ask_bus(self) -> None:
        self._asked = self._clock.now()
        try:
            await self._bus.check_log(self._log.identity.epoch)
            self._mode = Mode.LIVE if await self._bus.has_leader() else Mode.DEGRADED
            self._online = await self._bus.online()
        except (BusUnavailable, ConfigurationError):
            self._mode = Mode.DEGRADED
