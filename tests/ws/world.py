"""A canvas with its hub, sequencer and socket application, over fake sockets and a log that fails on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic_settings import SettingsConfigDict

from pixels_core.adapters.hosting.clock import ManualClock
from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import StoreUnavailable
from pixels_core.log.sequencer import Answer
from pixels_core.protocol.messages import SUBPROTOCOL_JSON, Mode, PixelReject, Role
from pixels_core.rules.commands import Actor, Command
from pixels_core.rules.effects import Verdict
from pixels_core.rules.events import EventBatch
from pixels_core.stream.projection import Projection
from pixels_core.web.tokens import Session, TokenSigner
from pixels_ws.app import SocketApp
from pixels_ws.hub import Hub
from pixels_ws.metrics import SocketMetrics
from pixels_ws.ports import Ticket
from pixels_ws.sequencing.sequencer_host import SequencerHost
from pixels_ws.settings import SocketSettings
from pixels_ws.sockets.connection import Connection
from pixels_ws.sockets.handshake import Admission, Gatekeeper
from tests.support.builders import IDENTITY, SMALL, T0, read_all
from tests.ws.fake_socket import FakeSocket, eventually

EXPIRES = T0 + 3_600_000
MODERATOR = Actor(user="mod", role=Role.MODERATOR)


class IsolatedSettings(SocketSettings):
    """Settings that neither the machine's environment nor an `.env` file can change."""

    model_config = SettingsConfigDict(env_prefix="PIXELS_WS_TESTS_", env_file=None)


def make_session(user: str = "ada", role: Role = Role.PAINTER) -> Session:
    """Return a session of an hour."""
    return Session(user=user, name=None, role=role, expires_at=EXPIRES)


def make_connection(
    socket: FakeSocket,
    *,
    subprotocol: str = SUBPROTOCOL_JSON,
    caught_up: Callable[[Connection], None] = lambda _: None,
    **options: Any,
) -> Connection:
    """Return a connection over a fake socket, without an application around it."""
    admission = Admission(make_session(), "10.0.0.1", IDENTITY.canvas, subprotocol, None, None)
    return Connection(admission, socket.send, T0, caught_up, **options)


class FaultyLog(MemoryStore):
    """A memory log that can refuse to write, lose the answer to a write, refuse to be read, or take its time."""

    def __init__(self) -> None:
        super().__init__(IDENTITY)
        self.refuse_writes = False
        self.lose_answers = False
        self.refuse_reads = False
        self.pace = asyncio.Event()
        """A write waits until this is set."""
        self.pace.set()
        self.attempts = 0

    async def append(self, batch: EventBatch) -> None:
        """Store a batch, or fail as asked."""
        self.attempts += 1
        await self.pace.wait()
        if self.refuse_writes:
            raise StoreUnavailable
        await super().append(batch)
        if self.lose_answers:
            raise StoreUnavailable

    async def fence(self, after: int) -> None:
        """Let nothing older through, or fail as asked."""
        if self.refuse_writes:
            raise StoreUnavailable
        await super().fence(after)

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot, or fail as asked."""
        if self.refuse_writes:
            raise StoreUnavailable
        await super().save_snapshot(batch_number, data)

    async def snapshots(self) -> list[bytes]:
        """Return the snapshots, or fail as asked."""
        if self.refuse_reads:
            raise StoreUnavailable
        return await super().snapshots()


class Recorder:
    """An audience that writes everything down, in order."""

    def __init__(self) -> None:
        self.heard: list[EventBatch | Answer[Ticket] | Mode] = []

    def on_batch(self, batch: EventBatch) -> None:
        self.heard.append(batch)

    def on_answers(self, answers: Sequence[Answer[Ticket]]) -> None:
        self.heard += answers

    def on_mode(self, mode: Mode) -> None:
        self.heard.append(mode)


class Client(FakeSocket):
    """A fake socket with somebody at its end."""

    serving: asyncio.Task[None]

    def place(self, request: int, x: int = 0, y: int = 0, color: int | str = 1) -> None:
        """Ask for a pixel."""
        self.say({"type": "pixel:update", "id": request, "x": x, "y": y, "color": color})

    async def answered(self, request: int) -> PixelReject | None:
        """Wait for the one answer; returns the rejection, or None for an ack."""
        await eventually(lambda: request in self.acked or any(r.id == request for r in self.rejects))
        return next((reject for reject in self.rejects if reject.id == request), None)


class World:
    """What a test can reach; `running_world` starts it."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.clock = ManualClock(T0)
        self.log = FaultyLog()
        self.registry = CollectorRegistry()
        self.settings = IsolatedSettings(**options)
        self.signer = TokenSigner(b"s" * 32)
        self.metrics = SocketMetrics(self.registry)
        self.host = SequencerHost(self.log, self.clock, self.settings.limits, self.metrics.commit_seconds.observe)
        self.hub: Hub
        self.app: SocketApp
        self.running: asyncio.Task[None]
        self._served: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read the log and let the sequencer run."""
        recovered = await self.host.start()
        self.hub = Hub(Projection(recovered.state, recovered.recent), self.host, self.clock, self.metrics)
        gatekeeper = Gatekeeper(self.settings, self.signer, frozenset({IDENTITY.canvas}))
        self.app = SocketApp({IDENTITY.canvas: self.hub}, gatekeeper, self.clock, self.settings, self.metrics)
        self.running = asyncio.create_task(self.host.run(self.hub))

    async def stop(self) -> None:
        """End everything."""
        tasks = [self.running, *self._served]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def scope(self, user: str = "ada", query: str = "", **changes: Any) -> dict[str, Any]:
        """Return the scope of a handshake; `role`, `address`, `headers` and `subprotocols` can be given."""
        token = self.signer.sign(make_session(user, changes.pop("role", Role.PAINTER)))
        headers = {"host": "pixels.example", "authorization": f"Bearer {token}", **changes.pop("headers", {})}
        return {
            "type": "websocket",
            "path": "/ws",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value is not None],
            "client": (changes.pop("address", "10.0.0.1"), "50000"),
            "server": ("127.0.0.1", "8000"),
            "subprotocols": changes.pop("subprotocols", [SUBPROTOCOL_JSON]),
            **changes,
        }

    def dial(self, user: str = "ada", query: str = "", *, stalled: bool = False, **changes: Any) -> Client:
        """Begin a handshake, whatever comes of it."""
        client = Client(stalled=stalled)
        serving = self.app(self.scope(user, query, **changes), client.receive, client.send)
        client.serving = asyncio.ensure_future(serving)
        self._served.append(client.serving)
        return client

    async def connect(self, user: str = "ada", query: str = "", **changes: Any) -> Client:
        """Open a socket and wait for its first canvas:state."""
        client = self.dial(user, query, **changes)
        await eventually(lambda: client.states)
        return client

    async def execute(self, command: Command) -> Verdict:
        """Put a command through, as the REST tier does."""
        async with asyncio.timeout(5):
            return await self.hub.execute(command)

    async def logged(self) -> list[EventBatch]:
        """Return the log."""
        return await read_all(self.log)


@asynccontextmanager
async def running_world(**settings: Any) -> AsyncIterator[World]:
    """Run a canvas of 16 by 12 until the block ends."""
    world = World({"width": SMALL.width, "height": SMALL.height, **settings})
    await world.start()
    try:
        yield world
    finally:
        await world.stop()
