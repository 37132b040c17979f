"""Those who use the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixels_core.protocol.messages import SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON, PixelUpdate, ServerMessage, Tool
from pixels_core.sync import (
    Action,
    Answered,
    CanvasBitmap,
    FetchSnapshot,
    Placed,
    PlacementOutcome,
    Reconnect,
    Rejected,
    SendHeartbeat,
    SendPlacement,
    SyncClient,
)
from pixels_core.units import Color
from tests.sim.real_host.fault_rates import IDENTITY, SIZE, TICK_S
from tests.sim.real_host.wire import Wire

if TYPE_CHECKING:
    from tests.sim.real_host.world import RealWorld


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
        self.answers: dict[int, PlacementOutcome] = {}
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
        snapshot = CanvasBitmap(IDENTITY.epoch, state.seq, SIZE, bytes(state.canvas))
        world.loop.call_later(world.span((0.001, 0.1)), self._load, snapshot)

    def _load(self, snapshot: CanvasBitmap) -> None:
        self.sync.snapshot(snapshot, self._world.clock.now())
        self._compare()
        self._perform()


def _kind(verdict: PlacementOutcome) -> str:
    match verdict:
        case Placed():
            return "placed"
        case Rejected():
            return str(verdict.reason)
        case _:
            return "lost"
