"""What lies between a person and the real connection that the server has of them."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from pixels_core.log.sequencer import Answer
from pixels_core.protocol.binary_codec import decode_bulk_update
from pixels_core.protocol.json_codec import server_message, to_object
from pixels_core.protocol.messages import (
    CanvasStateMessage,
    Heartbeat,
    HeartbeatReply,
    Mode,
    PixelAck,
    PixelReject,
    PixelUpdate,
    Role,
    ServerMessage,
)
from pixels_core.rules.commands import PlacePixel
from pixels_core.sync.replica import first_seq
from pixels_core.units import Seq
from pixels_core.web.tokens import Session
from pixels_ws.hub import Hub
from pixels_ws.sockets.connection import Connection
from pixels_ws.sockets.handshake import Admission
from pixels_ws.sockets.inbound import Inbound
from pixels_ws.sockets.outbound import AsgiEvent
from tests.sim.real_host.fault_rates import NO_FLOOD, NOTICED_S, SETTLED_S, SIZE
from tests.support.builders import T0

if TYPE_CHECKING:
    from tests.sim.real_host.follower import Follower
    from tests.sim.real_host.process import Process


class JudgedConnection(Connection):
    """A connection whose verdicts are judged at the moment they are given."""

    judge: Callable[[Answer[Any]], None]
    resolved = 0

    def resolve(self, answer: Answer[Any], /) -> None:
        self.judge(answer)
        self.resolved += 1
        super().resolve(answer)


class Wire:
    """One socket: the process's end is a real connection, the other a follower's.

    Args:
        process: who serves it.
        follower: who uses it.
    """

    def __init__(self, process: Process, hub: Hub, follower: Follower) -> None:
        self.world = process.world
        self.asked: Counter[int] = Counter()
        self.answered: Counter[int] = Counter()
        self.open = True
        self._process = process
        self._hub = hub
        self._follower = follower
        self._latency = self.world.span((0.001, 0.05))
        self._sending: asyncio.Future[None] | None = None
        self._down: deque[ServerMessage] = deque()
        self._up: deque[str] = deque()
        world, resume = self.world, follower.sync.resume
        self._told: Seq = resume.since or 0
        session = Session(user=follower.user, name=None, role=Role.PAINTER, expires_at=T0 + 36_000_000)
        admission = Admission(session, follower.address, "main", follower.subprotocol, resume.since, resume.epoch)
        self._connection = JudgedConnection(admission, self._send, world.clock.now(), self._caught_up, 1_000)
        self._connection.judge = lambda answer: world.ledger.answered(
            answer.command, answer.verdict, world.clock.now()
        )
        self._connection.on_closing = lambda: process.spawn(self._finish())
        self._inbound = Inbound(self._connection, SIZE, NO_FLOOD, self._place, hub.heartbeat)
        process.wires[self] = None

    def join(self) -> None:
        """Begin the stream."""
        self._hub.join(self._connection)

    def _caught_up(self, connection: Connection) -> None:
        self.world.counts["lag merged"] += 1
        self._hub.catch_up(connection)

    # ── down ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _send(self, event: AsgiEvent) -> asyncio.Future[None]:
        """Take what the process sends, as Granian does: at once, and done when the client has taken it."""
        world = self.world
        assert self._sending is None or self._sending.done(), "two sends in flight"
        self._sending = sending = world.loop.create_future()
        if self._process.dead or not self.open:
            return sending
        if event["type"] == "websocket.close":
            sending.set_result(None)
            return sending
        message = _decoded(event)
        self._judge(message)
        if self._follower.slow and world.happens("slow frame", world.fault_rates.slow):
            world.loop.call_later(world.span(world.fault_rates.late), self._taken, sending, message)
        else:
            world.loop.call_soon(self._taken, sending, message)
        if world.happens("crash at a frame", world.fault_rates.crash / 4):
            self._process.die()
        return sending

    def _judge(self, message: ServerMessage) -> None:
        self.world.ledger.hears(self._follower.user, message)
        match message:
            case PixelAck():
                self.answered.update(message.id if isinstance(message.id, tuple) else (message.id,))
            case PixelReject():
                assert message.id is not None, f"{message} speaks of nothing"
                self.answered[message.id] += 1
            case HeartbeatReply():
                return
            case CanvasStateMessage():
                self._told = message.seq if message.mode is Mode.RELOAD else self._told
                return
            case _:
                assert first_seq(message) <= self._told + 1, f"{message} leaves a gap after {self._told}"
                assert message.seq > self._told, f"{message} says nothing new after {self._told}"
                self._told = message.seq
                return
        assert self.answered <= self.asked, f"more answers than questions: {self.answered - self.asked}"

    def _taken(self, sending: asyncio.Future[None], message: ServerMessage) -> None:
        if self.open and not self._process.dead:
            sending.set_result(None)
            self._down.append(message)
            self.world.loop.call_later(self._latency, self._deliver)
            self.world.loop.call_later(SETTLED_S, self._compare)

    def _compare(self) -> None:
        """Whoever has nothing on the way has everything."""
        ended = not self.open or self._process.dead or self._connection.close_reason is not None
        if not ended and self._sending and self._sending.done():
            head = self._hub.state.seq
            assert self._told == head, f"{self._follower.user} is idle and was told {self._told} of {head}"

    def _deliver(self) -> None:
        message = self._down.popleft()
        if self.open:
            self._follower.receive(message)

    # ── up ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def say(self, message: PixelUpdate | Heartbeat) -> None:
        """Send something to the process."""
        self._up.append(orjson.dumps(to_object(message)).decode())
        self.world.loop.call_later(self._latency, self._arrive)

    def _arrive(self) -> None:
        text = self._up.popleft()
        if self.open and not self._process.dead and self._connection.close_reason is None:
            self._inbound.receive(text, self.world.clock.now())

    def _place(self, connection: Connection, command: PlacePixel) -> None:
        self.asked[command.request] += 1
        self.world.ledger.asked(command)
        resolved = self._connection.resolved
        self._hub.place(connection, command)
        first = (command.actor.user, command.request) not in self.world.heard_of
        self.world.heard_of.add((command.actor.user, command.request))
        if self._hub.mode is Mode.DEGRADED and first:
            assert self._connection.resolved > resolved, f"{command} waits although nothing can be saved"

    # ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _finish(self) -> None:
        """Close the socket, as the application does when the hub wants it closed."""
        reason = self._connection.close_reason
        self.world.counts[f"closed {reason}"] += 1
        await self._connection.finish()
        self.break_off()

    def break_off(self) -> None:
        """Have the client notice, some time from now, that nobody is there any more."""
        self._hang_up()
        self.world.loop.call_later(self.world.span((0.0, NOTICED_S)), self._follower.lost, self)

    def cut(self) -> None:
        """The client is gone."""
        self.open = False
        self._hang_up()

    def _hang_up(self) -> None:
        self._process.wires.pop(self, None)
        if not self._process.dead:
            self._hub.leave(self._connection)


def _decoded(event: AsgiEvent) -> ServerMessage:
    text = event.get("text")
    return decode_bulk_update(event["bytes"], SIZE) if text is None else server_message(orjson.loads(text))
