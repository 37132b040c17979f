"""The hub: one canvas's committed state and everybody who watches it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from pixels_core.errors import ReasonCode, ServerFault
from pixels_core.log.sequencer import Answer
from pixels_core.ports import Clock
from pixels_core.protocol.messages import IDLE_TIMEOUT_MS, Heartbeat, HeartbeatReply, Mode, You
from pixels_core.rules.commands import Command, PlacePixel
from pixels_core.rules.effects import Accepted, Verdict
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.rules.state import CanvasState as State
from pixels_core.stream.projection import Projection
from pixels_core.units import Milliseconds, Seq

from .metrics import SocketMetrics
from .ports import CommandSink, Ticket
from .sockets.connection import Connection
from .sockets.frames import CatchUpFrames, StateFrames, stream_frame
from .sockets.outbound import AsgiEvent

CATCH_UP_TIMEOUT_S = 2.0
"""How long a newcomer waits for a node that lacks batches."""
AHEAD_S = 0.02
EXECUTE_S = 15.0
"""How long a command of the REST tier may take."""


class Hub:
    """Fans committed batches out to sockets and keeps each of them at, or on its way to, the head of the stream.

    It is also the `CanvasHost` of the REST tier in the same process.
    """

    def __init__(self, projection: Projection, sink: CommandSink, clock: Clock, metrics: SocketMetrics) -> None:
        self._projection = projection
        self._sink = sink
        self._clock = clock
        self._metrics = metrics
        self._connections: dict[Connection, None] = {}
        self._mode = Mode.LIVE
        self._cluster_online: int | None = None
        self._caught_up = asyncio.Event()
        self._caught_up.set()
        self._states = StateFrames()
        self._catch_ups = CatchUpFrames(projection.state.identity.size)
        self._empty = asyncio.Event()
        self._empty.set()

    # ── what others see ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> State:
        """The committed state; read it, never change it."""
        return self._projection.state

    @property
    def mode(self) -> Mode:
        """`live` or `degraded`."""
        return self._mode

    @property
    def online(self) -> int:
        """Number of open sockets, on all nodes where there are several."""
        return len(self._connections) if self._cluster_online is None else self._cluster_online

    @property
    def open_sockets(self) -> int:
        """Number of sockets open on this node."""
        return len(self._connections)

    @property
    def batch_number(self) -> int:
        """Number of the last batch that this node has."""
        return self.state.batch_number

    async def wait_until_caught_up(self, since: Seq | None = None) -> bool:
        """Wait until this node has, to its knowledge, everything that is committed, and what a client has seen.

        Returns False where this node still lacks batches after `CATCH_UP_TIMEOUT_S`. A client that is ahead even then
        followed a log that was cut short since, or made its seq up.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_TIMEOUT_S):
                await self._caught_up.wait()
                ahead = since if since is not None and self._cluster_online is not None else 0
                while self.state.seq < ahead:  # noqa: ASYNC110  # rare, and over in a moment
                    await asyncio.sleep(AHEAD_S)
        return self._caught_up.is_set()

    def placed_since(self, time: Milliseconds) -> int:
        """Return how many changes are younger than `time`."""
        return self._projection.retained.placed_since(time)

    async def refresh(self) -> None:
        """Do nothing: the hub is told of every batch as it is committed."""

    async def execute(self, command: Command) -> Verdict:
        """Put a command through the sequencer and wait for its verdict."""
        waiter = _Waiter()
        self._sink.submit(waiter, command)
        try:
            return await asyncio.wait_for(waiter.verdict, EXECUTE_S)
        except TimeoutError:
            raise ServerFault(
                "Nobody said in time whether the command was done: look before you repeat it."
            ) from None

    # ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, connection: Connection) -> None:
        """Bring a new socket to the head and keep it there; from here on it misses nothing."""
        since, epoch = connection.admission.since, connection.admission.epoch
        catch_up = None if since is None else self._projection.catch_up(since, epoch)
        connection.position = self.state.seq
        if self._mode is Mode.DEGRADED:
            mode = Mode.DEGRADED if catch_up else Mode.RELOAD
        elif catch_up is None:
            mode = Mode.RELOAD
        else:
            mode = Mode.CATCHING_UP if catch_up.last >= catch_up.first else Mode.LIVE
        connection.send_event(self._canvas_state(connection, mode))
        if catch_up and catch_up.last >= catch_up.first:
            event = self._catch_ups.event(catch_up, binary=connection.binary)
            connection.send_stream(event, catch_up.last)
        if mode is Mode.RELOAD and self._mode is Mode.DEGRADED:
            connection.send_event(self._canvas_state(connection, Mode.DEGRADED))
        self._connections[connection] = None
        self._empty.clear()
        self._metrics.connections.set(len(self._connections))

    def leave(self, connection: Connection) -> None:
        """Forget a socket."""
        connection.abandon()
        self._connections.pop(connection, None)
        if not self._connections:
            self._empty.set()
        self._metrics.connections.set(len(self._connections))
        if connection.close_reason:
            self._metrics.closed.labels(connection.close_reason.value).inc()

    def place(self, connection: Connection, command: PlacePixel) -> None:
        """Pass a placement on."""
        self._sink.submit(connection, command)

    def heartbeat(self, connection: Connection, heartbeat: Heartbeat) -> None:
        """Answer a heartbeat with the head; a socket that is not lagging has been sent everything up to it."""
        state = self.state
        connection.send(
            HeartbeatReply(
                t=heartbeat.t,
                server_time=self._clock.now(),
                seq=state.seq,
                checksum=state.canvas.checksum,
                online=self.online,
            )
        )

    def catch_up(self, connection: Connection) -> None:
        """Bring a socket that was too busy for some frames back to the head, in one merged frame."""
        merged = self._projection.catch_up(connection.position)
        if merged is None:
            connection.position = self.state.seq
            connection.send_event(self._canvas_state(connection, Mode.RELOAD))
        elif merged.last >= merged.first:
            event = self._catch_ups.event(merged, binary=connection.binary)
            connection.send_stream(event, merged.last)

    # ── the sequencer's audience ────────────────────────────────────────────────────────────────────────────────────

    def on_batch(self, batch: EventBatch) -> None:
        """Apply a committed batch and send it to everybody, each encoding made once."""
        started = time.perf_counter()
        before, size = self.state.seq, self.state.identity.size
        frames = [stream_frame(message, size) for message in self._projection.apply(batch)]
        lagging = 0
        for connection in self._connections:
            lagging += not connection.offer(frames, before, batch.last_seq)
        self._metrics.lags.inc(lagging)
        self._metrics.fan_out_seconds.observe(time.perf_counter() - started)
        self._metrics.batch_changes.observe(len(batch.events))
        if any(type(event) is not PixelPlaced for event in batch.events):
            self._states.forget()
            self._announce()

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        """Give every asker its answer; a socket gets one ack for all its placements of a batch."""
        touched: dict[Connection, None] = {}
        for answer in answers:
            answer.ticket.resolve(answer)
            verdict = answer.verdict
            label = "accepted" if isinstance(verdict, Accepted) else verdict.reason.value
            self._metrics.verdicts.labels(label).inc()
            if isinstance(answer.ticket, Connection):
                touched[answer.ticket] = None
        for connection in touched:
            connection.flush_acks()

    def on_behind(self, *, behind: bool) -> None:
        """Let no socket in while this node knows that it lacks batches."""
        if behind:
            self._caught_up.clear()
        else:
            self._caught_up.set()

    def on_online(self, sockets: int) -> None:
        """Take the number of open sockets on all nodes."""
        self._cluster_online = sockets

    def on_mode(self, mode: Mode) -> None:
        """Show everybody whether changes can be saved."""
        self._mode = mode
        if mode is Mode.DEGRADED:
            self._metrics.degraded_times.inc()
        self._announce()

    # ── housekeeping ────────────────────────────────────────────────────────────────────────────────────────────────

    def sweep(self, now: Milliseconds, stall: Milliseconds) -> None:
        """Close sockets that are silent, stuck or whose session ended; call it every few seconds."""
        for connection in list(self._connections):
            stalled = connection.stalled_for(now)
            if now - connection.last_heard > IDLE_TIMEOUT_MS:
                connection.close(ReasonCode.IDLE)
            elif stalled >= stall:
                connection.close(ReasonCode.SLOW_CONSUMER)
            elif now >= connection.session.expires_at:
                connection.close(ReasonCode.EXPIRED)

    def close_all(self, reason: ReasonCode) -> None:
        """Close every socket."""
        for connection in list(self._connections):
            connection.close(reason)

    async def emptied(self) -> None:
        """Wait until no socket is open."""
        await self._empty.wait()

    def _announce(self) -> None:
        for connection in self._connections:
            connection.send_event(self._canvas_state(connection, self._mode))

    def _canvas_state(self, connection: Connection, mode: Mode) -> AsgiEvent:
        session = connection.session
        you = You(
            user=session.user,
            name=session.name,
            role=session.role,
            tokens=self._projection.tokens(session.user, self._clock.now()),
        )
        return self._states.event(self.state, mode, you)


class _Waiter:
    """A ticket that somebody awaits."""

    def __init__(self) -> None:
        self.verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

    def resolve(self, answer: Answer[Ticket], /) -> None:
        if not self.verdict.done():
            self.verdict.set_result(answer.verdict)
