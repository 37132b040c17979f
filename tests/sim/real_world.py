"""The socket tier itself in virtual time: a process with the real host, hub and connections, and those who use it.

What is pretended is only what lies outside: the disk, the wires, the people, and the moment when a process dies.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from prometheus_client import CollectorRegistry

from pixels_core.adapters.memory import MemoryStore
from pixels_core.commands import Actor, LockRegion, ModerationCommand, PlacePixel, PostNotice, UnlockRegion
from pixels_core.errors import BatchConflict, PixelsError, ReasonCode, ServerFault, StoreUnavailable
from pixels_core.events import EventBatch, NoticePosted
from pixels_core.geometry import Rect, Size
from pixels_core.projection import Projection
from pixels_core.protocol.binary_codec import decode_bulk_update
from pixels_core.protocol.json_codec import server_message, to_object
from pixels_core.protocol.messages import (
    SUBPROTOCOL_BINARY,
    SUBPROTOCOL_JSON,
    CanvasState,
    Heartbeat,
    HeartbeatReply,
    Mode,
    PixelAck,
    PixelReject,
    PixelUpdate,
    Role,
    ServerMessage,
    Tool,
)
from pixels_core.sequencer import Answer
from pixels_core.snapshot_codec import pack_snapshot
from pixels_core.state import CanvasIdentity, Limits
from pixels_core.sync import (
    Action,
    Answered,
    FetchSnapshot,
    Placed,
    Reconnect,
    Rejected,
    SendHeartbeat,
    SendPlacement,
    Snapshot,
    SyncClient,
    Verdict,
)
from pixels_core.sync.replica import first_seq
from pixels_core.token_bucket import Limit
from pixels_core.tokens import Session
from pixels_core.units import Color, Seq
from pixels_ws.connection import Connection
from pixels_ws.handshake import Admission
from pixels_ws.hub import Hub
from pixels_ws.inbound import Inbound
from pixels_ws.metrics import SocketMetrics
from pixels_ws.outbound import Event
from pixels_ws.sequencer_host import SequencerHost
from tests.support.builders import T0

from .ledger import Ledger, RequestKey
from .virtual_loop import VirtualClock
from .world import finish

SIZE = Size(16, 16)
HOT = 5
"""Side of the corner that most people paint in, so that they meet."""
IDENTITY = CanvasIdentity("main", "0123456789abcdef", SIZE)
MODERATOR = Actor(user="mod", role=Role.MODERATOR)
NO_FLOOD = Limit(10_000, 10_000)
STALL_MS = 6_000
SWEEP_S = 1.0
TICK_S = 1.0
NOTICED_S = 0.3
"""How long a client takes, at most, to notice that its connection is gone."""
RESTART_S = (0.01, 2.0)
GRACE_S = 2.0
SETTLED_S = 0.001
LATE_WRITE_S = (0.0, 8.0)
"""How long a batch that nobody waits for any more may still be under way."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Weather:
    """Probabilities of the faults, and spans of the delays in seconds."""

    crash: float = 0.0
    """At each step of an append, and at each frame."""
    lost: float = 0.0
    """An append fails and nothing was written."""
    unknown: float = 0.0
    """An append fails although the batch was written."""
    overdue: float = 0.0
    """An append fails, and the batch is written later, unless somebody takes the log over before."""
    read_fails: float = 0.0
    slow: float = 0.0
    """A frame is taken late by a slow socket."""
    append: Span = (0.0, 0.003)
    late: Span = (0.0, 0.0)
    """By how much a slow socket is late."""

    @classmethod
    def drawn(cls, dice: random.Random) -> Weather:
        """Draw one; some runs are nearly calm."""
        log, life = dice.choice((0.0, 0.3, 1.0)), dice.choice((0.0, 0.3, 1.0))
        return cls(
            crash=0.015 * life,
            lost=0.08 * log,
            unknown=0.08 * log,
            overdue=0.08 * log,
            read_fails=0.1 * log,
            slow=dice.choice((0.0, 0.2, 0.6)),
            append=dice.choice(((0.0, 0.003), (0.001, 0.05), (0.02, 1.5))),
            late=dice.choice(((0.01, 0.2), (0.1, 2.0), (0.1, 9.0))),
        )


class RealWorld:
    """A canvas, its disk, the processes that serve it one after the other, and its people.

    Args:
        seed: which run this is.
    """

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.clock = VirtualClock(self.loop)
        self.weather = Weather.drawn(self.dice)
        self.counts: Counter[str] = Counter()
        self.problems: list[BaseException] = []
        self.limits = Limits(Limit(self.dice.choice((2, 20)), self.dice.choice((8, 60))), Limit(200, 2_000))
        self.ledger = Ledger(SIZE, self.limits.per_user)
        self.heard_of: set[RequestKey] = set()
        self.store = MemoryStore(IDENTITY)
        self.metrics = SocketMetrics(CollectorRegistry())
        self.out_until = 0.0
        self.fences = 0
        """How often the log was taken over: what was under way before never lands."""
        self.process: Process | None = None
        self.loop.set_exception_handler(lambda _loop, context: self._note(context))
        self.start()
        slow_ones = self.dice.randint(0, 2)
        self.followers = [Follower(self, index, slow=index < slow_ones) for index in range(self.dice.randint(2, 4))]

    def _note(self, context: dict[str, Any]) -> None:
        self.problems.append(context.get("exception") or AssertionError(context["message"]))

    def raise_problems(self) -> None:
        """Raise what went wrong where nobody could be told."""
        if self.problems:
            raise self.problems[0]

    # ── chance ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def happens(self, name: str, probability: float) -> bool:
        """Say whether a fault happens, and count it; one with a probability of 0 does not move the dice."""
        happens = probability > 0 and self.dice.random() < probability
        self.counts[name] += happens
        return happens

    def span(self, span: Span) -> float:
        """Return a number of seconds."""
        return self.dice.uniform(*span)

    # ── the process ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Have a process start."""
        self.process = Process(self)

    def ended(self) -> None:
        """Have another process start some time after the last has ended."""
        self.process = None
        self.loop.call_later(self.span(RESTART_S), self.start)

    @property
    def hub(self) -> Hub | None:
        """The hub that takes connections at this moment."""
        return self.process.hub if self.process and self.process.accepting else None

    def kill(self) -> None:
        """Kill the process at whatever it waits for."""
        if self.process:
            self.counts["killed"] += 1
            self.process.die()

    def stop(self) -> None:
        """Stop the process with grace."""
        if self.process and self.process.accepting:
            self.counts["stopped"] += 1
            self.process.stop()

    def log_outage(self) -> None:
        """Have the log out of reach for a while."""
        self.out_until = self.loop.time() + self.span((0.5, 8.0))

    def usurp(self) -> None:
        """Have another process write, so that the next append of ours is a conflict."""
        seq, now = self.ledger.head + 1, self.clock.now()
        number = self.store._head[0] + 1
        notice = NoticePosted(seq=seq, time=now, user="ghost", reason="", text=f"Boo {number}")
        self.commit(EventBatch(number, (notice,)))

    def keep_snapshot(self) -> None:
        """Save a snapshot."""
        if self.hub:
            finish(self.store.save_snapshot(self.hub.batch_number, pack_snapshot(self.hub.state)))

    def commit(self, batch: EventBatch) -> None:
        """Write a batch, and tell the ledger; raises BatchConflict."""
        finish(self.store.append(batch))
        self.ledger.commit(batch)

    # ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def anywhere(self) -> tuple[int, int]:
        """Return a place, most likely in the corner, perhaps off the canvas."""
        if self.dice.random() < 0.8:
            return self.dice.randrange(HOT), self.dice.randrange(HOT)
        return self.dice.randrange(-1, SIZE.width + 1), self.dice.randrange(-1, SIZE.height + 1)

    def paint(self) -> None:
        """Have somebody place some pixels."""
        follower = self.dice.choice(self.followers)
        for _ in range(self.dice.choice((1, 1, 2, 6))):
            color = self.dice.randrange(248, 256) if self.dice.random() < 0.05 else self.dice.randrange(32)
            follower.place(*self.anywhere(), color)

    def repeat(self) -> None:
        """Have somebody's script place a pixel, repeat itself, or use an id again for something else."""
        self.dice.choice(self.followers).script()

    def unplug(self) -> None:
        """Take somebody's connection away."""
        self.dice.choice(self.followers).unplug()

    def moderate(self) -> None:
        """Have a moderator do something."""
        lock_id, corner = f"lock-{self.dice.randrange(2)}", self.dice.randrange(HOT)
        commands: tuple[ModerationCommand, ...] = (
            LockRegion(actor=MODERATOR, lock_id=lock_id, rect=Rect(corner, corner, 2, 2)),
            UnlockRegion(actor=MODERATOR, lock_id=lock_id),
            PostNotice(actor=MODERATOR, text=f"Notice {self.dice.randrange(100)}"),
        )
        self.execute(self.dice.choice(commands))

    def execute(self, command: ModerationCommand) -> None:
        """Put a command in as the REST tier does."""
        if self.process and self.hub:
            self.process.spawn(self._execute(self.hub, command))

    async def _execute(self, hub: Hub, command: ModerationCommand) -> None:
        with suppress(ServerFault):  # nobody said in time
            self.ledger.answered(command, await hub.execute(command), self.clock.now())


class Process:
    """One life of the server.

    Args:
        world: where it lives.
    """

    def __init__(self, world: RealWorld) -> None:
        self.world = world
        self.dead = False
        self.accepting = False
        self.hub: Hub | None = None
        self.wires: dict[Wire, None] = {}
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._host = SequencerHost(Disk(world, self), world.clock, world.limits)
        self.spawn(self._live())

    def spawn(self, work: Any) -> None:
        """Do something until it is done or the process dies."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks[task] = None
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        problem = None if task.cancelled() else task.exception()
        if problem:
            self.world.problems.append(problem)

    async def _live(self) -> None:
        try:
            recovered = await self._host.start()
        except PixelsError:
            self.die()
            return
        world = self.world
        self.hub = Hub(Projection(recovered.state, recovered.recent), self._host, world.clock, world.metrics)
        self.accepting = True
        self.spawn(self._sweep(self.hub))
        await self._host.run(self.hub)

    async def _sweep(self, hub: Hub) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            hub.sweep(self.world.clock.now(), STALL_MS)

    def stop(self) -> None:
        """End as on SIGTERM."""
        self.accepting = False
        self.spawn(self._drain())

    async def _drain(self) -> None:
        assert self.hub
        self._host.stop()
        await self._host.stopped()
        self.hub.close_all(ReasonCode.SHUTTING_DOWN)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hub.emptied(), GRACE_S)
        self.die()

    def die(self) -> None:
        """End as on SIGKILL: nothing more is written or said, whatever the code goes on to do."""
        if self.dead:
            return
        self.dead, self.accepting = True, False
        for task in list(self._tasks):
            task.cancel()
        for wire in list(self.wires):
            wire.break_off()
        self.world.ended()


class Disk:
    """The log as one process reaches it: it fails, takes its time, and ends with its process.

    Args:
        world: has the contents.
        process: whose it is.
    """

    def __init__(self, world: RealWorld, process: Process) -> None:
        self._world = world
        self._process = process
        self.identity = IDENTITY

    async def append(self, batch: EventBatch) -> None:
        """Append; or fail, or die, with the batch written or not."""
        world, weather = self._world, self._world.weather
        await self._reach("crash before append")
        try:
            await asyncio.sleep(world.span(weather.append))
        except asyncio.CancelledError:
            if world.happens("write landed at death", 0.5):
                with suppress(BatchConflict):
                    world.commit(batch)
            raise
        if world.happens("append fails, nothing written", weather.lost):
            raise StoreUnavailable
        if world.happens("append fails, batch under way", weather.overdue):
            world.loop.call_later(world.span(LATE_WRITE_S), self._land, batch, world.fences)
            raise StoreUnavailable
        await self._reach("crash in append")
        world.commit(batch)
        await self._reach("crash after append")
        if world.dice.random() < 0.3:
            await asyncio.sleep(world.span(weather.append))
        if world.happens("append fails, batch written", weather.unknown):
            raise StoreUnavailable

    def _land(self, batch: EventBatch, fences: int) -> None:
        """Write a batch that nobody waits for any more."""
        if self._world.fences != fences:
            self._world.counts["late write fenced"] += 1
            return
        with suppress(BatchConflict):
            self._world.commit(batch)
            self._world.counts["late write landed"] += 1

    async def fence(self, after: int) -> None:
        """Keep from the log what is still under way, or fail."""
        await self._reach("crash in recovery")
        await self._world.store.fence(after)
        self._world.fences += 1

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield batches, or fail somewhere on the way."""
        await self._reach("crash in recovery", reading=True)
        async for batch in self._world.store.read(after):
            if self._world.happens("read fails", self._world.weather.read_fails / 20):
                raise StoreUnavailable
            yield batch

    async def number_before(self, time: int) -> int:
        """Return a batch number, or fail."""
        await self._reach("crash in recovery", reading=True)
        return await self._world.store.number_before(time)

    async def snapshots(self) -> list[bytes]:
        """Return the snapshots, or fail."""
        await self._reach("crash in recovery", reading=True)
        return await self._world.store.snapshots()

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot, or fail."""
        await self._reach("crash before saving")
        await self._world.store.save_snapshot(batch_number, data)

    async def prune(self, before: int) -> int:
        """Keep everything."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of nothing."""

    async def _reach(self, crash: str, *, reading: bool = False) -> None:
        world = self._world
        await asyncio.sleep(0)
        if not self._process.dead and world.happens(crash, world.weather.crash):
            self._process.die()
        if self._process.dead:
            await world.loop.create_future()
        if world.loop.time() < world.out_until:
            world.counts["log out of reach"] += 1
            raise StoreUnavailable
        if reading and world.happens("read fails", world.weather.read_fails):
            raise StoreUnavailable


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

    def _send(self, event: Event) -> asyncio.Future[None]:
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
        if self._follower.slow and world.happens("slow frame", world.weather.slow):
            world.loop.call_later(world.span(world.weather.late), self._taken, sending, message)
        else:
            world.loop.call_soon(self._taken, sending, message)
        if world.happens("crash at a frame", world.weather.crash / 4):
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
            case CanvasState():
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


class Follower:
    """A person with a `SyncClient`.

    Args:
        world: where it lives.
        index: who it is.
        slow: whether its sockets are slow.
    """

    def __init__(self, world: RealWorld, index: int, *, slow: bool) -> None:
        self.user = f"user-{index}"
        self.address = f"10.0.0.{index}"
        self.slow = slow
        self.subprotocol = SUBPROTOCOL_BINARY if index % 2 else SUBPROTOCOL_JSON
        self.wire: Wire | None = None
        self.asked: dict[int, tuple[int, int, Color]] = {}
        self.answers: dict[int, Verdict] = {}
        self.sync = SyncClient(world.dice.randrange(2**50), heartbeat_ms=world.dice.choice((1_000, 5_000)))
        self._world = world
        self._scripted: list[PixelUpdate] = []
        self._connecting = False
        self._tick()

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────────

    def place(self, x: int, y: int, color: Color) -> None:
        """Place a pixel."""
        request = self.sync.place(x, y, color, self._world.clock.now())
        self.asked[request] = x, y, color
        self._perform()

    def script(self) -> None:
        """Send something that the client's own rules would not: the same again, or another pixel under its id."""
        dice = self._world.dice
        kind = dice.choice(("new", "again", "other", "mine"))
        if not self.wire:
            return
        if kind == "mine" and self.asked:
            request = dice.choice(list(self.asked))
            x, y, color = self.asked[request]
        elif kind in {"again", "other"} and self._scripted:
            old = dice.choice(self._scripted[-4:])
            request, x, y = old.id, old.x, old.y
            color = dice.randrange(32) if kind == "other" else int(old.color)
        else:
            request, color, (x, y) = 2**52 - len(self._scripted), dice.randrange(32), self._world.anywhere()
        update = PixelUpdate(id=request, x=x, y=y, color=color, tool=Tool.SCRIPT, client_timestamp=0)
        if kind != "mine":
            self._scripted.append(update)
        for _ in range(dice.choice((1, 1, 2))):
            self.wire.say(update)

    def unplug(self) -> None:
        """Lose the connection."""
        if self.wire:
            self._world.counts["unplugged"] += 1
            self.lost(self.wire)

    # ── the link ────────────────────────────────────────────────────────────────────────────────────────────────────

    def receive(self, message: ServerMessage) -> None:
        """Take in a message of the present connection."""
        self.sync.receive(message, self._world.clock.now())
        self._compare()
        self._perform()

    def lost(self, wire: Wire) -> None:
        """Notice that a connection is gone."""
        wire.cut()
        if wire is self.wire:
            self.wire = None
            self.sync.disconnected(self._world.clock.now())
            self._perform()

    def _connect_soon(self) -> None:
        if not self._connecting:
            self._connecting = True
            self._world.loop.call_later(self._world.span((0.0, 0.5)), self._connect)

    def _connect(self) -> None:
        hub, process = self._world.hub, self._world.process
        self._connecting = False
        if hub is None or process is None:
            self._connect_soon()
            return
        self.wire = wire = Wire(process, hub, self)
        self.sync.connected(self._world.clock.now())
        wire.join()
        self._perform()

    def _compare(self) -> None:
        """Whatever happens: the confirmed canvas is always one that the log had."""
        seq, ledger = self.sync.seq, self._world.ledger
        assert seq <= ledger.head, f"{self.user} is at seq {seq}, before it was committed"
        assert self.sync.checksum == ledger.checksums[seq], f"{self.user} differs at seq {seq}"

    def _tick(self) -> None:
        self.sync.tick(self._world.clock.now())
        self._perform()
        self._world.loop.call_later(TICK_S, self._tick)

    # ── what the state machine asks for ─────────────────────────────────────────────────────────────────────────────

    def _perform(self) -> None:
        for action in self.sync.actions():
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case SendPlacement(message) | SendHeartbeat(message):
                if self.wire:
                    self.wire.say(message)
            case FetchSnapshot():
                self._world.loop.call_later(self._world.span((0.001, 0.1)), self._fetch)
            case Reconnect():
                if self.wire:
                    self.wire.cut()
                    self.wire = None
                self._connect_soon()
            case Answered(request, verdict):
                assert request not in self.answers, f"{self.user} has a second answer to {request}: {verdict}"
                self.answers[request] = verdict
                self._world.counts[_kind(verdict)] += 1
            case _:
                pass

    def _fetch(self) -> None:
        world = self._world
        if world.hub is None:
            self.sync.snapshot_failed(world.clock.now())
            return
        state = world.hub.state
        snapshot = Snapshot(IDENTITY.epoch, state.seq, SIZE, bytes(state.canvas))
        world.loop.call_later(world.span((0.001, 0.1)), self._load, snapshot)

    def _load(self, snapshot: Snapshot) -> None:
        self.sync.snapshot(snapshot, self._world.clock.now())
        self._compare()
        self._perform()


def _decoded(event: Event) -> ServerMessage:
    text = event.get("text")
    return decode_bulk_update(event["bytes"], SIZE) if text is None else server_message(orjson.loads(text))


def _kind(verdict: Verdict) -> str:
    match verdict:
        case Placed():
            return "placed"
        case Rejected():
            return str(verdict.reason)
        case _:
            return "lost"
