"""The serving node: what `pixels_ws.hub` does with a `Projection`, in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pixels_core.log.sequencer import Answer
from pixels_core.protocol.messages import (
    IDLE_TIMEOUT_MS,
    CanvasStateMessage,
    Heartbeat,
    HeartbeatReply,
    Mode,
    PixelUpdate,
    You,
)
from pixels_core.rules.commands import Command, PlacePixel
from pixels_core.rules.effects import Verdict
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.stream.projection import Projection
from pixels_core.stream.retained_window import CatchUp
from pixels_core.stream.stream import bulk_update, limits_info, lock_info, palette_info
from pixels_core.sync import CanvasBitmap
from pixels_core.units import Milliseconds, Seq
from tests.sim.faults import CrashPoint
from tests.sim.ledger import Ledger
from tests.sim.socket import ServerSocket
from tests.sim.world import World

STALL_MS = 30_000

Ticket = ServerSocket | Callable[[Command, Verdict], None]
Submit = Callable[[Ticket, Command], None]


class Hub:
    """The committed state and everybody who watches it.

    Args:
        world: the time.
        ledger: judges every verdict.
        projection: the committed state, as recovered.
        submit: takes placements to the sequencer.
        may_die: called at every place where the process can die.
    """

    def __init__(
        self,
        world: World,
        ledger: Ledger,
        projection: Projection,
        submit: Submit,
        may_die: Callable[[CrashPoint], None],
    ) -> None:
        self.projection = projection
        self.sockets: dict[ServerSocket, None] = {}
        self.mode = Mode.LIVE
        self._world = world
        self._ledger = ledger
        self._submit = submit
        self._may_die = may_die

    # ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def join(self, socket: ServerSocket, since: Seq | None, epoch: str | None) -> None:
        """Bring a new socket to the head and keep it there."""
        catch_up = None if since is None else self.projection.catch_up(since, epoch)
        socket.position = self.projection.state.seq
        socket.told = since or 0
        mode = self._first_mode(catch_up)
        self._world.counts[f"join {mode}"] += 1
        socket.send(self._canvas_state(socket, mode))
        if catch_up and catch_up.last >= catch_up.first:
            self._send_merged(socket, catch_up)
        if mode is Mode.RELOAD and self.mode is Mode.DEGRADED:
            socket.send(self._canvas_state(socket, Mode.DEGRADED))
        self.sockets[socket] = None

    def _first_mode(self, catch_up: CatchUp | None) -> Mode:
        if catch_up is None:
            return Mode.RELOAD
        if self.mode is Mode.DEGRADED:
            return Mode.DEGRADED
        return Mode.CATCHING_UP if catch_up.last >= catch_up.first else Mode.LIVE

    def leave(self, socket: ServerSocket) -> None:
        """Forget a socket."""
        socket.closed = True
        self.sockets.pop(socket, None)

    def receive(self, socket: ServerSocket, message: PixelUpdate | Heartbeat) -> None:
        """Take in what a socket sent."""
        if socket.closed:
            return
        socket.last_heard = self._world.now
        if isinstance(message, PixelUpdate):
            self._submit(socket, PlacePixel(socket.actor, message.id, message.x, message.y, message.color))
            return
        state, now = self.projection.state, self._world.now
        online, checksum = len(self.sockets), state.canvas.checksum
        socket.send(HeartbeatReply(t=message.t, server_time=now, seq=state.seq, checksum=checksum, online=online))

    def catch_up(self, socket: ServerSocket) -> None:
        """Bring a socket that was too busy for some frames back to the head, in one merged frame."""
        merged = self.projection.catch_up(socket.position)
        if merged is None:
            socket.position = self.projection.state.seq
            socket.send(self._canvas_state(socket, Mode.RELOAD))
        elif merged.last >= merged.first:
            self._world.counts["lag merged"] += 1
            self._send_merged(socket, merged)

    def _send_merged(self, socket: ServerSocket, merged: CatchUp) -> None:
        size = self.projection.state.identity.size
        socket.send_stream(bulk_update(merged.first, merged.last, merged.cells, size), merged.last)

    def sweep(self, now: Milliseconds) -> None:
        """Close sockets that are silent or stuck."""
        for socket in list(self.sockets):
            stalled = socket.stalled_since
            if now - socket.last_heard > IDLE_TIMEOUT_MS or (stalled is not None and now - stalled > STALL_MS):
                self._world.counts["socket swept"] += 1
                self._close(socket)
            elif socket.closed:
                self._close(socket)

    def close_all(self) -> None:
        """Close every socket."""
        for socket in list(self.sockets):
            self._close(socket)

    def _close(self, socket: ServerSocket) -> None:
        socket.close()
        self.leave(socket)

    def bitmap(self) -> CanvasBitmap:
        """Return the committed bitmap, as the REST tier has it."""
        state = self.projection.state
        return CanvasBitmap(state.identity.epoch, state.seq, state.identity.size, bytes(state.canvas))

    # ── the sequencer's audience ────────────────────────────────────────────────────────────────────────────────────

    def on_batch(self, batch: EventBatch) -> None:
        """Apply a committed batch and send it to everybody."""
        before = self.projection.state.seq
        messages = self.projection.apply(batch)
        for socket in list(self.sockets):
            self._may_die(CrashPoint.MID_PUBLISH)
            socket.offer(messages, before, batch.last_seq)
        if any(type(event) is not PixelPlaced for event in batch.events):
            self._announce()

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        """Give every asker its answer; a socket gets one ack for all its placements of a batch."""
        touched: dict[ServerSocket, None] = {}
        for answer in answers:
            self._may_die(CrashPoint.MID_ANSWERS)
            self._ledger.answered(answer.command, answer.verdict, self._world.now)
            if isinstance(answer.ticket, ServerSocket):
                assert isinstance(answer.command, PlacePixel)
                answer.ticket.resolve(answer.command, answer.verdict)
                touched[answer.ticket] = None
            else:
                answer.ticket(answer.command, answer.verdict)
        for socket in touched:
            self._may_die(CrashPoint.MID_ANSWERS)
            socket.flush_acks()

    def on_mode(self, mode: Mode) -> None:
        """Show everybody whether changes can be saved."""
        self.mode = mode
        self._world.counts[f"mode {mode}"] += 1
        self._announce()

    def _announce(self) -> None:
        for socket in list(self.sockets):
            socket.send(self._canvas_state(socket, self.mode))

    def _canvas_state(self, socket: ServerSocket, mode: Mode) -> CanvasStateMessage:
        state = self.projection.state
        identity, actor = state.identity, socket.actor
        return CanvasStateMessage(
            canvas=identity.canvas,
            epoch=identity.epoch,
            width=identity.size.width,
            height=identity.size.height,
            seq=state.seq,
            checksum=state.canvas.checksum,
            mode=mode,
            palette=palette_info(state.palette),
            limits=limits_info(state.limits),
            locks=tuple(lock_info(lock) for lock in state.locks),
            paused=state.paused,
            notice=state.notice or None,
            you=You(user=actor.user, role=actor.role, tokens=0.0),
        )
