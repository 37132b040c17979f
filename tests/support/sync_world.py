"""A small server, a link that may do anything, and one client: everything that happens is drawn from one seed."""

from __future__ import annotations

from collections import deque
from random import Random

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import (
    CanvasStateMessage,
    Heartbeat,
    HeartbeatReply,
    LimitsInfo,
    Mode,
    PixelAck,
    PixelBulkUpdate,
    PixelReject,
    PixelUpdate,
    Role,
    ServerMessage,
    You,
)
from pixels_core.sync import (
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
    SyncPhase,
)

SIZE = Size(6, 5)
LIMITS = LimitsInfo(rate=20.0, burst=200, address_rate=200.0, address_burst=2000)
YOU = You(user="u_test", role=Role.PAINTER, tokens=200.0)


def state_message(canvas: Canvas, epoch: str = "e1", seq: int = 0, mode: Mode = Mode.LIVE) -> CanvasStateMessage:
    """Return a `canvas:state` for a canvas."""
    return CanvasStateMessage(
        canvas="main",
        epoch=epoch,
        width=canvas.size.width,
        height=canvas.size.height,
        seq=seq,
        checksum=canvas.checksum,
        mode=mode,
        palette=(),
        limits=LIMITS,
        locks=(),
        paused=False,
        you=YOU,
    )


class SmallServer:
    """Follows docs/wire.md for one socket: column 0 is locked, ids are remembered, the log can be lost."""

    def __init__(self) -> None:
        self.epoch_number = 0
        self.checksums: dict[tuple[str, int], int] = {}
        """What the canvas was at every (epoch, seq)."""
        self.socket: deque[ServerMessage] | None = None
        self.lose_log()

    @property
    def epoch(self) -> str:
        """The present log."""
        return f"e{self.epoch_number}"

    @property
    def seq(self) -> int:
        """The head."""
        return len(self.log)

    def lose_log(self) -> None:
        """Start anew, as after a restore from nothing; open sockets die."""
        self.epoch_number += 1
        self.canvas = Canvas(SIZE)
        self.log: list[tuple[int, int, int]] = []
        self.requests: dict[int, int] = {}
        self.waiting: list[PixelUpdate] = []
        self.checksums[self.epoch, 0] = 0
        self.socket = None

    def join(self, since: int | None, epoch: str | None, *, forgetful: bool) -> deque[ServerMessage]:
        """Open a socket; a forgetful server lets nobody resume."""
        self.socket = deque()
        known = since is not None and epoch == self.epoch and since <= self.seq and not forgetful
        mode = Mode.RELOAD
        if known and since is not None:
            mode = Mode.CATCHING_UP if since < self.seq else Mode.LIVE
        self.socket.append(state_message(self.canvas, self.epoch, self.seq, mode))
        if mode is Mode.CATCHING_UP and since is not None:
            self.socket.append(self._update(since + 1))
        return self.socket

    def receive(self, message: PixelUpdate | Heartbeat) -> None:
        """Take a message from the socket."""
        if isinstance(message, Heartbeat):
            self.send(
                HeartbeatReply(t=message.t, server_time=0, seq=self.seq, checksum=self.canvas.checksum, online=1)
            )
        elif message.x == 0:
            self.send(PixelReject(id=message.id, reason=ReasonCode.LOCKED, x=0, y=message.y, color=0))
        else:
            self.waiting.append(message)

    def commit(self, others: list[tuple[int, int, int]]) -> None:
        """Commit what waits, and what others placed, as one batch."""
        first, fresh = self.seq + 1, []
        for update in self.waiting:
            if update.id not in self.requests:
                fresh.append((update.x, update.y, int(update.color)))
                self.requests[update.id] = self.seq + len(fresh)
        for pixel in [*fresh, *others]:
            self.log.append(pixel)
            self.canvas.set(SIZE.cell(pixel[0], pixel[1]), pixel[2])
            self.checksums[self.epoch, self.seq] = self.canvas.checksum
        if self.seq >= first:
            self.send(self._update(first))
        if self.waiting:
            ids = tuple(update.id for update in self.waiting)
            self.send(PixelAck(id=ids, seq=max(self.requests[request] for request in ids)))
            self.waiting.clear()

    def send(self, message: ServerMessage) -> None:
        """Put a message on the socket, if there is one."""
        if self.socket is not None:
            self.socket.append(message)

    def snapshot(self) -> CanvasBitmap:
        """Return the bitmap."""
        return CanvasBitmap(self.epoch, self.seq, SIZE, bytes(self.canvas))

    def _update(self, first: int) -> PixelBulkUpdate:
        cells = {(x, y): color for x, y, color in self.log[first - 1 :]}
        return PixelBulkUpdate(first=first, seq=self.seq, pixels=tuple((x, y, c) for (x, y), c in cells.items()))


class World:
    """A client and a server with a link between them; `hostile` says whether the link misbehaves."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.server = SmallServer()
        self.client = SyncClient(self.chance.randrange(2**52))
        self.now = 1_000_000
        self.hostile = True
        self.answers: dict[int, PlacementOutcome] = {}
        self.placed: dict[int, tuple[int, int, int]] = {}
        self._up: deque[PixelUpdate | Heartbeat] = deque()
        self._down: deque[ServerMessage] | None = None
        self._fetches: deque[CanvasBitmap | None] = deque()
        self._dial: Reconnect | None = None

    def step(self) -> None:
        """Let one thing happen."""
        self.now += self.chance.randrange(1, 400 if self.hostile else 120)
        self.chance.choice([self._deliver, self._deliver, self._upload, self._commit, self._fetched, self._time])()
        if self.hostile and self.chance.random() < 0.5:
            self.chance.choice([self._place, self._place, self._commit, self._mischief])()
        self._act()
        self.check()

    def settle(self) -> None:
        """Let the link work until the client is done, at most some minutes; nothing new is placed."""
        self.hostile = False
        for _ in range(6_000):
            self.step()
            if (
                self.client.phase is SyncPhase.LIVE
                and not self.client.unanswered
                and self.client.seq == self.server.seq
            ):
                return

    # ── what happens ────────────────────────────────────────────────────────────────────────────────────────────────

    def _place(self) -> None:
        x, y, color = self.chance.randrange(SIZE.width), self.chance.randrange(SIZE.height), self.chance.randrange(9)
        self.placed[self.client.place(x, y, color, self.now)] = (x, y, color)

    def _deliver(self) -> None:
        for _ in range(self.chance.randrange(1, 4)):
            if self._down:
                self.client.receive(self._down.popleft(), self.now)
                self._act()

    def _upload(self) -> None:
        while self._up and self._down is not None:
            self.server.receive(self._up.popleft())

    def _commit(self) -> None:
        x, y = self.chance.randrange(1, SIZE.width), self.chance.randrange(SIZE.height)
        others = [(x, y, self.chance.randrange(9))] if self.hostile and self.chance.random() < 0.6 else []
        self.server.commit(others)

    def _fetched(self) -> None:
        if self._fetches:
            snapshot = self._fetches.popleft()
            if snapshot:
                self.client.snapshot(snapshot, self.now)
            else:
                self.client.snapshot_failed(self.now)

    def _time(self) -> None:
        self.client.tick(self.now)
        self._act()
        if self._dial and (not self.hostile or self.chance.random() < 0.7):
            start = self._dial
            self._dial = None
            self._up.clear()
            self._down = self.server.join(
                start.since, start.epoch, forgetful=self.hostile and self.chance.random() < 0.2
            )
            self.client.connected(self.now)

    def _mischief(self) -> None:
        kind = self.chance.randrange(8)
        if kind == 0:
            self._down = self.server.socket = None
            self.client.disconnected(self.now)
        elif kind == 1 and self.chance.random() < 0.3:
            self.server.lose_log()
            self._down = None
            self.client.disconnected(self.now)
        elif kind == 2:
            self.now += self.chance.randrange(60_000)
        elif kind == 3 and self._up:
            self.chance.choice([self._up.popleft, self._up.pop])()
        elif kind == 4 and self._up:
            self._up.append(self.chance.choice(list(self._up)))
        elif self._down:
            self._spoil(self._down, kind)

    def _spoil(self, queue: deque[ServerMessage], kind: int) -> None:
        place = self.chance.randrange(len(queue))
        if kind == 5:
            del queue[place]
        elif kind == 6:
            queue.insert(self.chance.randrange(len(queue) + 1), queue[place])
        else:
            queue.rotate(place)

    # ── what the client wants ───────────────────────────────────────────────────────────────────────────────────────

    def _act(self) -> None:
        for action in self.client.actions():
            match action:
                case Reconnect():
                    self._dial, self._down, self.server.socket = action, None, None
                case FetchSnapshot():
                    lost = self.hostile and self.chance.random() < 0.3
                    self._fetches.append(None if lost else self.server.snapshot())
                case SendPlacement(update):
                    self._up.append(update)
                case SendHeartbeat(heartbeat):
                    self._up.append(heartbeat)
                case Answered(request, verdict):
                    assert request not in self.answers, "a second answer"
                    self.answers[request] = verdict

    def check(self) -> None:
        """Assert what must hold at every moment."""
        client = self.client
        if client.confirmed is not None and client.epoch is not None:
            assert client.checksum == self.server.checksums[client.epoch, client.seq], "snapshot + stream ≠ canvas"
        last_placed = {pixel[:2]: request for request, pixel in self.placed.items()}
        waiting = {pixel for request, pixel in self.placed.items() if request not in self.answers}
        for (x, y), request in last_placed.items():
            pixel, verdict = self.placed[request], self.answers.get(request)
            if isinstance(verdict, Rejected) and pixel[2] and pixel not in waiting:
                assert client.color_at(x, y) != pixel[2], "a rejected pixel is shown"
            ahead = isinstance(verdict, Placed) and client.epoch == self.server.epoch and verdict.seq > client.seq
            if ahead and request in self.server.requests:
                assert client.color_at(x, y) == pixel[2], "an acknowledged pixel is not shown"
