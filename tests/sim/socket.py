"""The server's end of a connection in virtual time: what `connection` and `outbound` of `pixels_ws.sockets` do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from pixels_core.protocol.messages import (
    CanvasStateMessage,
    HeartbeatReply,
    Mode,
    PixelAck,
    PixelReject,
    ServerMessage,
    StreamMessage,
)
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.effects import Accepted, Refused
from pixels_core.sync.replica import first_seq
from pixels_core.units import Milliseconds, Seq
from tests.sim.ledger import Ledger
from tests.sim.link import Link
from tests.sim.world import World

MAX_QUEUED = 64
"""Messages that may wait for one socket; few, so that it happens."""


class ServerSocket:
    """A position in the stream, a bounded queue, and at most one message in flight.

    Args:
        world: the time.
        ledger: judges every message that is sent.
        actor: whose socket it is.
        slowness: how long each message takes to leave; 0 where the client reads as fast as we write.
        on_lag_over: called when a socket that missed stream messages can take more.
    """

    def __init__(
        self,
        world: World,
        ledger: Ledger,
        actor: Actor,
        slowness: Milliseconds,
        on_lag_over: Callable[[ServerSocket], None],
    ) -> None:
        self.actor = actor
        self.slowness = slowness
        self.position: Seq = 0
        self.told: Seq = 0
        self.last_heard = self.last_sent = world.now
        self.closed = False
        self.link: Link
        self._world = world
        self._ledger = ledger
        self._on_lag_over = on_lag_over
        self._queue: deque[ServerMessage] = deque()
        self._busy = False
        self._lagging = False
        self._acked: list[int] = []
        self._acked_seq: Seq = 0

    @property
    def idle(self) -> bool:
        """Say whether a message would leave at once."""
        return not self._busy and not self._queue

    @property
    def stalled_since(self) -> Milliseconds | None:
        """Since when nothing of the stream left although something waits, or None."""
        return None if self.idle else self.last_sent

    def send(self, message: ServerMessage) -> None:
        """Send a message now, or after those that wait."""
        if self.closed:
            return
        self._ledger.hears(self.actor.user, message)
        self._tile(message)
        if self.idle:
            self._start(message)
            return
        self._queue.append(message)
        if len(self._queue) > MAX_QUEUED:
            self._world.counts["queue overflow"] += 1
            self.close()

    def _tile(self, message: ServerMessage) -> None:
        """The stream goes on where this socket was, whatever the client would make of a gap."""
        if isinstance(message, CanvasStateMessage):
            self.told = message.seq if message.mode is Mode.RELOAD else self.told
        elif not isinstance(message, PixelAck | PixelReject | HeartbeatReply):
            assert first_seq(message) == self.told + 1, f"{message} follows seq {self.told} on a socket"
            self.told = message.seq

    def offer(self, messages: Sequence[StreamMessage], before: Seq, after: Seq) -> None:
        """Send the messages that lead from `before` to `after`, unless the socket is busy or behind."""
        if self._lagging or self.position != before or not self.idle:
            self._lag()
            return
        for message in messages:
            self.send(message)
        self.position = after
        self.last_sent = self._world.now

    def send_stream(self, message: StreamMessage, after: Seq) -> None:
        """Send one message that leads from this socket's position to `after`."""
        self.send(message)
        self.position = after
        self.last_sent = self._world.now

    def resolve(self, command: PlacePixel, verdict: Accepted | Refused) -> None:
        """Take the verdict on a placement; acks are collected until `flush_acks`."""
        if isinstance(verdict, Accepted):
            self._acked.append(command.request)
            self._acked_seq = max(self._acked_seq, verdict.seq)
            return
        x, y = (command.x, command.y) if verdict.color is not None else (None, None)
        reason, wait = verdict.reason, verdict.retry_after_ms
        self.send(PixelReject(id=command.request, reason=reason, retry_after_ms=wait, x=x, y=y, color=verdict.color))

    def flush_acks(self) -> None:
        """Send one ack for all placements accepted since the last."""
        if self._acked:
            ids = self._acked[0] if len(self._acked) == 1 else tuple(self._acked)
            self.send(PixelAck(id=ids, seq=self._acked_seq))
            self._acked.clear()

    def close(self) -> None:
        """Let go of the connection; what waits is lost."""
        if not self.closed:
            self.closed = True
            self._queue.clear()
            self.link.server_leaves()

    def _lag(self) -> None:
        if not self._lagging and not self.closed:
            self._world.counts["socket lags"] += 1
            self._lagging = True
            if self.idle:
                self._over()

    def _over(self) -> None:
        if self._lagging and not self.closed:
            self._lagging = False
            self._on_lag_over(self)

    def _start(self, message: ServerMessage) -> None:
        if not self.slowness:
            self.link.down(message)
            return
        self._busy = True
        self._world.after(self._world.between((0, self.slowness)), lambda: self._left(message))

    def _left(self, message: ServerMessage) -> None:
        self._busy = False
        if self.closed:
            return
        self.link.down(message)
        if self._queue:
            self._start(self._queue.popleft())
        else:
            self._over()
