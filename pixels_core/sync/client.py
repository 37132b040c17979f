"""The client's state machine, without input or output; docs/wire.md states its rules.

The caller tells what happens (`connected`, `disconnected`, `receive`, `snapshot`, `snapshot_failed`, `place`, and
`tick` about once a second) and then carries out what `actions` returns. A new client asks for its first connection.
An attempt to connect that fails is the caller's to repeat; messages of a socket that was replaced are not passed on.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from pixels_core.canvas.canvas import Canvas
from pixels_core.errors import ProtocolError
from pixels_core.protocol.messages import (
    HEARTBEAT_INTERVAL_MS,
    IDLE_TIMEOUT_MS,
    CanvasStateMessage,
    Heartbeat,
    HeartbeatReply,
    Mode,
    PixelAck,
    PixelReject,
    ServerMessage,
    StreamMessage,
)
from pixels_core.units import Color, Milliseconds, Seq

from .actions import (
    Action,
    CanvasBitmap,
    FetchSnapshot,
    Reconnect,
    SendHeartbeat,
    SendPlacement,
    SyncStatistics,
)
from .replica import HeldMessages, first_seq
from .screen import Screen

if TYPE_CHECKING:
    from pixels_core.canvas.geometry import Size

STATE_TIMEOUT_MS = 10_000
"""How long a new connection may take to say its first word."""
FETCH_TIMEOUT_MS = 30_000
"""A bitmap that is not there by then is asked for once more."""
FETCH_RETRY_MS = 1_000
"""How long to wait after a fetch that failed."""


class SyncPhase(Enum):
    """Where the client is."""

    OFFLINE = auto()
    """No connection; a `Reconnect` was asked for."""
    CONNECTING = auto()
    """Connected, but the first `canvas:state` is not here yet."""
    LOADING = auto()
    """The bitmap is being fetched; the stream waits for it."""
    LIVE = auto()
    """Every message of the stream is applied as it comes."""


class SyncClient:
    """Keeps a canvas equal to the server's.

    Args:
        first_request: id of the first placement: a random number below 2⁵².
        heartbeat_ms: how often to send a heartbeat.
    """

    def __init__(self, first_request: int, *, heartbeat_ms: Milliseconds = HEARTBEAT_INTERVAL_MS) -> None:
        self.phase = SyncPhase.OFFLINE
        self.server: CanvasStateMessage | None = None
        """The newest `canvas:state`: palette, limits, locks and so on; its seq and checksum are not this client's."""
        self.degraded = False
        self.statistics = SyncStatistics()
        self._actions: list[Action] = [Reconnect(None, None)]
        self._screen = Screen(first_request, self._actions)
        self._needs_bitmap = True
        self._stream_from: Seq = 0
        self._held = HeldMessages()
        self._log: str | None = None
        self._heartbeat_ms = heartbeat_ms
        self._connected_at: Milliseconds = 0
        self._heard_at: Milliseconds = 0
        self._heartbeat_at: Milliseconds = 0
        self._fetch_due: Milliseconds = 0
        self._last_reply: Milliseconds = -1
        self._behind_at: Seq | None = None

    # ── what there is to see ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def confirmed(self) -> Canvas | None:
        """The canvas as the server's log has it at `seq`; None before the first bitmap. Read it, never change it."""
        return self._screen.confirmed

    @property
    def seq(self) -> Seq:
        """The last change that `confirmed` contains."""
        return self._screen.seq

    @property
    def epoch(self) -> str | None:
        """The log that `confirmed` comes from."""
        return self._screen.replica.epoch if self._screen.replica else None

    @property
    def checksum(self) -> int:
        """The checksum of `confirmed`."""
        return self.confirmed.checksum if self.confirmed else 0

    @property
    def size(self) -> Size | None:
        """The canvas's size, once there is one."""
        return self._screen.size

    @property
    def unanswered(self) -> int:
        """Number of placements without an answer."""
        return len(self._screen.pending)

    @property
    def resume(self) -> Reconnect:
        """From where to connect at this moment; the canvas may have moved since a `Reconnect` was returned."""
        return Reconnect(None, None) if self._needs_bitmap else Reconnect(self.seq, self.epoch)

    def color_at(self, x: int, y: int) -> Color:
        """Return what to show at (x, y): the newest pending colour, else the confirmed one, else the background.

        Raises ClientFault `out_of_bounds`.
        """
        return self._screen.color_at(x, y)

    def actions(self) -> list[Action]:
        """Return, once, what is to be done, in order."""
        actions = self._actions.copy()
        self._actions.clear()
        return actions

    # ── the link ────────────────────────────────────────────────────────────────────────────────────────────────────

    def connected(self, now: Milliseconds) -> None:
        """A new socket is open; it takes the place of any other."""
        self._let_go()
        self.phase = SyncPhase.CONNECTING
        self._connected_at = self._heard_at = self._heartbeat_at = now
        self._send_placements(now)

    def disconnected(self, now: Milliseconds) -> None:  # noqa: ARG002  # every input has the time
        """The socket is gone; asks for another unless that was done already."""
        if self.phase is not SyncPhase.OFFLINE:
            self._reconnect()

    def tick(self, now: Milliseconds) -> None:
        """Let time pass: timeouts, heartbeats, repeats."""
        self._screen.give_up(now)
        if self.phase is SyncPhase.OFFLINE:
            return
        handshake_timed_out = self.phase is SyncPhase.CONNECTING and now - self._connected_at > STATE_TIMEOUT_MS
        if handshake_timed_out or now - self._heard_at > IDLE_TIMEOUT_MS:
            self._resync()
            return
        if now - self._heartbeat_at >= self._heartbeat_ms:
            self._heartbeat_at = now
            self._actions.append(SendHeartbeat(Heartbeat(t=now)))
        if self.phase is SyncPhase.LOADING and now >= self._fetch_due:
            self._fetch(now)
        self._send_placements(now)

    def _resync(self) -> None:
        """Give up a connection that does not lead on."""
        self.statistics.resyncs += 1
        self._reconnect()

    def _reconnect(self) -> None:
        self._let_go()
        self._actions.append(self.resume)

    def _let_go(self) -> None:
        self.phase = SyncPhase.OFFLINE
        self._held.release()
        self._screen.pending.connection_lost()
        self._stream_from = 0
        self._last_reply = -1
        self._behind_at = None

    # ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def receive(self, message: ServerMessage, now: Milliseconds) -> None:
        """Take in a message of the present connection."""
        if self.phase is SyncPhase.OFFLINE:
            return
        self._heard_at = now
        match message:
            case CanvasStateMessage():
                self._on_state(message, now)
            case HeartbeatReply():
                self._on_heartbeat(message, now)
            case _ if self.phase is SyncPhase.CONNECTING:
                self._held.hold(message)  # whose log this speaks of is not known before the first state
            case PixelAck():
                self._screen.acknowledge(message)
                if self.phase is SyncPhase.LIVE:
                    self._screen.settle()
            case PixelReject():
                self._screen.refuse(message)
            case _ if self.phase is SyncPhase.LOADING:
                self._held.hold(message)
            case _:
                self._on_stream(message)

    def _on_state(self, state: CanvasStateMessage, now: Milliseconds) -> None:
        self.server = state
        if state.mode is not Mode.RELOAD:
            self.degraded = state.mode is Mode.DEGRADED
        if state.epoch != self._log:
            self._log = state.epoch
            self._screen.forget_acknowledged()
        if self.phase is SyncPhase.LOADING:
            if state.mode is Mode.RELOAD:
                self._stream_from = max(self._stream_from, state.seq)
            return
        held = self._held.release() if self.phase is SyncPhase.CONNECTING else []
        self.phase = SyncPhase.LIVE
        if self._must_load(state):
            self._load(now, state.seq)
        else:
            self._screen.settle()
        for message in held:
            self.receive(message, now)

    def _must_load(self, state: CanvasStateMessage) -> bool:
        if self._needs_bitmap or state.epoch != self.epoch:
            return True
        if state.seq != self.seq:
            return state.mode is Mode.RELOAD
        if state.checksum != self.checksum:
            self.statistics.mismatches += 1
        return state.checksum != self.checksum

    def _on_heartbeat(self, reply: HeartbeatReply, now: Milliseconds) -> None:
        fresh, self._last_reply = reply.t > self._last_reply, max(reply.t, self._last_reply)
        if fresh:
            self.statistics.latencies.append(max(0, now - reply.t))
        if self.phase is not SyncPhase.LIVE:
            return
        if reply.seq == self.seq:
            self._compare(reply.checksum, now)
        elif fresh and reply.seq > self.seq:
            if self._behind_at == self.seq:
                self._resync()
            self._behind_at = self.seq

    def _compare(self, checksum: int, now: Milliseconds) -> None:
        if checksum == self.checksum:
            self.statistics.proofs += 1
        else:
            self.statistics.mismatches += 1
            self._load(now, self.seq)

    def _on_stream(self, message: StreamMessage) -> None:
        if message.seq <= self.seq:
            self.statistics.duplicates += 1
        elif first_seq(message) > self.seq + 1:
            self.statistics.gaps += 1
            self._resync()
        else:
            self._apply(message)

    def _apply(self, message: StreamMessage) -> None:
        try:
            self._screen.apply(message)
            self.statistics.frames += 1
        except ProtocolError:
            # What it should have said is unknown, so the canvas after it is, too.
            self.statistics.mismatches += 1
            self._needs_bitmap = True
            self._resync()

    # ── bitmaps ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def snapshot(self, snapshot: CanvasBitmap, now: Milliseconds) -> None:
        """Take in a bitmap; one that nobody waits for is ignored. Raises StoreCorrupt where its length is wrong."""
        if not self._needs_bitmap:
            return
        if self._log not in {None, snapshot.epoch} or self._is_step_back(snapshot):
            self.snapshot_failed(now)
            return
        self.statistics.reloads += self._screen.replica is not None
        self._screen.load(snapshot)
        self._needs_bitmap = False
        if self.phase is SyncPhase.LOADING:
            self.phase = SyncPhase.LIVE
            self._replay()

    def _is_step_back(self, snapshot: CanvasBitmap) -> bool:
        """Say whether a bitmap is of a past that was shown already; acknowledged pixels would vanish for a moment.

        A log that says itself that it ends earlier was cut short, and must be followed back.
        """
        cut_short = self.phase is SyncPhase.LOADING and self._stream_from < self.seq
        return snapshot.epoch == self.epoch and snapshot.seq < self.seq and not cut_short

    def snapshot_failed(self, now: Milliseconds) -> None:
        """The bitmap could not be fetched; asks again a little later."""
        self._fetch_due = now + FETCH_RETRY_MS

    def _load(self, now: Milliseconds, stream_from: Seq) -> None:
        """Stop trusting the canvas and get a new one; the stream continues after `stream_from`, or earlier."""
        self.phase = SyncPhase.LOADING
        self._needs_bitmap = True
        self._stream_from = stream_from
        self._fetch(now)

    def _fetch(self, now: Milliseconds) -> None:
        self._fetch_due = now + FETCH_TIMEOUT_MS
        self._actions.append(FetchSnapshot())

    def _replay(self) -> None:
        """Apply what came while the bitmap was fetched; from a bitmap that is too old for it, resume."""
        complete = not self._held.overflowed
        for message in self._held.release_stream():
            if message.seq > self.seq:
                complete = complete and first_seq(message) <= self.seq + 1
                if not complete:
                    break
                self._apply(message)
                if self.phase is not SyncPhase.LIVE:
                    return
        if not complete or self.seq < self._stream_from:
            self._resync()

    # ── placements ──────────────────────────────────────────────────────────────────────────────────────────────────

    def place(self, x: int, y: int, color: Color, now: Milliseconds) -> int:
        """Ask for a pixel and show it; returns the id that its `Answered` will have.

        It is sent now, or with the next connection. Whether it is on the canvas, the server decides.
        """
        update = self._screen.place(x, y, color, now)
        if self.phase is not SyncPhase.OFFLINE:
            self._screen.pending.sent(update.id, now)
            self._actions.append(SendPlacement(update))
        return update.id

    def _send_placements(self, now: Milliseconds) -> None:
        for update, again in self._screen.pending.to_send(now):
            self.statistics.resends += again
            self._actions.append(SendPlacement(update))
