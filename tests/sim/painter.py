"""A person with a `SyncClient`: carries out what the state machine asks for, over links that fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pixels_core.protocol.messages import Heartbeat, PixelUpdate, ServerMessage
from pixels_core.rules.commands import Actor
from pixels_core.sync import (
    Action,
    Answered,
    CanvasBitmap,
    Changed,
    FetchSnapshot,
    Lost,
    Placed,
    PlacementOutcome,
    Reconnect,
    Rejected,
    Reloaded,
    SendHeartbeat,
    SendPlacement,
    SyncClient,
)
from pixels_core.units import Color, Milliseconds
from tests.sim.ledger import Ledger
from tests.sim.link import Link
from tests.sim.socket import ServerSocket
from tests.sim.world import World

if TYPE_CHECKING:
    from tests.sim.process import Process

RECONNECT_MS = (0, 1_000)


class Painter:
    """One client and its user.

    Args:
        world: the time, and what goes wrong.
        ledger: what the client's canvas is compared with after every message.
        actor: the user.
        server: returns the process that listens at this moment, if any.
    """

    def __init__(
        self, world: World, ledger: Ledger, actor: Actor, server: Callable[[], Process | None], slow: bool
    ) -> None:
        self.actor = actor
        self.answers: dict[int, PlacementOutcome] = {}
        self.asked: dict[int, tuple[int, int, Color]] = {}
        self.asked_at: dict[int, Milliseconds] = {}
        self._world = world
        self._ledger = ledger
        self._server = server
        self._slow = slow
        first = world.dice.randrange(2**52)
        self.sync = SyncClient(first, heartbeat_ms=world.dice.choice((1_000, 5_000, 15_000)))
        self._link: Link | None = None
        self._connecting = False
        self._awake_at: Milliseconds = 0
        self._perform()

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────────

    def place(self, x: int, y: int, color: Color) -> None:
        """Place a pixel."""
        request = self.sync.place(x, y, color, self._world.now)
        self.asked[request] = x, y, color
        self.asked_at[request] = self._world.now
        self._world.note(self.actor.user, f"places {request % 1000} at ({x}, {y}) in {color}")
        self._perform()

    def unplug(self) -> None:
        """Lose the connection."""
        if self._link:
            self._world.note(self.actor.user, "loses the connection")
            self._drop()
            self._gone()

    def sleep(self, span: Milliseconds) -> None:
        """Close the lid: no connection, and no time passes for the client."""
        self.unplug()
        self._awake_at = self._world.now + span

    def wake(self) -> None:
        """Open the lid."""
        self._awake_at = 0

    @property
    def asleep(self) -> bool:
        """Whether the lid is closed."""
        return self._world.now < self._awake_at

    # ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def tick(self) -> None:
        """Let time pass, for ever."""
        if not self.asleep:
            self.sync.tick(self._world.now)
            self._perform()
        self._world.after(self._world.fault_rates.tick, self.tick)

    # ── the link ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _connect_soon(self) -> None:
        if not self._connecting:
            self._connecting = True
            self._world.after(self._world.between(RECONNECT_MS), self._connect)

    def _connect(self) -> None:
        """Ask for a connection; the server joins it to the stream when the request arrives."""
        process, world = self._server(), self._world
        self._connecting = False
        if self.asleep or process is None or world.happens("connection refused", world.fault_rates.refused):
            self._connect_soon()
            return
        self._connecting = True
        resume = self.sync.resume
        world.after(world.between(world.fault_rates.latency), lambda: self._accepted(process, resume))

    def _accepted(self, process: Process, resume: Reconnect) -> None:
        self._connecting = False
        if self.asleep or not process.alive:
            self._connect_soon()
            return
        slowness = self._world.dice.choice((300, 3_000)) if self._slow and self._world.fault_rates.slow else 0
        socket = ServerSocket(self._world, self._ledger, self.actor, slowness, process.hub.catch_up)
        link = Link(
            self._world,
            self.actor.user,
            lambda message: self._receive(link, message),
            lambda message: process.do(lambda: process.hub.receive(socket, message)),
            lambda: self._lost(link),
            lambda: process.hub.leave(socket),
        )
        self._link = socket.link = link
        self._world.note(self.actor.user, f"connects with {resume}")
        self.sync.connected(self._world.now)
        process.do(lambda: process.hub.join(socket, resume.since, resume.epoch))
        self._perform()

    def _receive(self, link: Link, message: ServerMessage) -> None:
        if link is not self._link:
            return
        self._world.note(self.actor.user, "receives", message)
        self.sync.receive(message, self._world.now)
        self._compare()
        self._perform()

    def _lost(self, link: Link) -> None:
        if link is self._link:
            self._world.note(self.actor.user, "finds the connection gone")
            self._link = None
            self._gone()

    def _gone(self) -> None:
        self.sync.disconnected(self._world.now)
        self._perform()

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link:
            link.client_leaves()

    def _compare(self) -> None:
        """Whatever was lost or doubled: the confirmed canvas is always one that the log had."""
        sync = self.sync
        assert sync.seq <= self._ledger.head, f"{self.actor.user} is at seq {sync.seq}, before it was committed"
        assert sync.checksum == self._ledger.checksums[sync.seq], f"{self.actor.user} differs at seq {sync.seq}"

    # ── what the state machine asks for ─────────────────────────────────────────────────────────────────────────────

    def _perform(self) -> None:
        for action in self.sync.actions():
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case SendPlacement(update):
                self._send(update)
            case SendHeartbeat(heartbeat):
                self._send(heartbeat)
            case FetchSnapshot():
                self._world.after(self._delay(), self._fetch)
            case Reconnect():
                self._drop()
                self._connect_soon()
            case Answered(request, verdict):
                self._take_answer(request, verdict)
            case Changed() | Reloaded():
                pass

    def _send(self, message: PixelUpdate | Heartbeat) -> None:
        if self._link:
            self._link.up(message)

    def _fetch(self) -> None:
        process, world = self._server(), self._world
        if process is None or world.happens("fetch failed", world.fault_rates.refused):
            world.after(self._delay(), lambda: self.sync.snapshot_failed(world.now))
            return
        snapshot = process.hub.bitmap()
        world.after(self._delay(), lambda: self._load(snapshot))

    def _load(self, snapshot: CanvasBitmap) -> None:
        self._world.note(self.actor.user, f"loads the bitmap at seq {snapshot.seq}")
        self.sync.snapshot(snapshot, self._world.now)
        self._compare()
        self._perform()

    def _delay(self) -> int:
        return self._world.between(self._world.fault_rates.latency)

    def _take_answer(self, request: int, verdict: PlacementOutcome) -> None:
        assert request in self.asked, f"{self.actor.user} has an answer to {request}, which was never asked"
        assert request not in self.answers, f"{self.actor.user} has a second answer to {request}: {verdict}"
        self.answers[request] = verdict
        self._world.note(self.actor.user, f"has the answer to {request % 1000}:", verdict)
        kinds = {Placed: "placed", Lost: "lost"}
        self._world.counts[verdict.reason if isinstance(verdict, Rejected) else kinds[type(verdict)]] += 1
