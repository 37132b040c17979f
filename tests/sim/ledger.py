"""The ledger: what was committed, kept apart from the log and judged by rules of its own, as naive as can be.

It never forgets, so it can say of every answer and of every frame whether it was true when it was said.
"""

from __future__ import annotations

from collections import Counter

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import (
    RETAINED_MS,
    CanvasStateMessage,
    HeartbeatReply,
    ModerationRewind,
    PixelAck,
    PixelBulkUpdate,
    PixelReject,
    ServerMessage,
)
from pixels_core.rules.commands import Command, PlacePixel
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.rules.events import (
    Event,
    EventBatch,
    LimitsChanged,
    PauseChanged,
    PixelPlaced,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from pixels_core.rules.token_bucket import RateLimit, TokenBucket
from pixels_core.units import Cell, Color, Milliseconds, Seq

RequestKey = tuple[str, int]
PlacementKey = tuple[str, int, int, int, Color | str]

_AT_ONCE = (ReasonCode.UNAVAILABLE,)
"""Reasons that are no verdict of the engine's."""


def placement_key(command: PlacePixel) -> PlacementKey:
    """Return what makes two placements the same request."""
    return command.actor.user, command.request, command.x, command.y, command.color


class Ledger:
    """Every committed event, what it means, and every verdict that was given.

    Args:
        size: the canvas's size.
        per_user: the limit of users at the start.
    """

    def __init__(self, size: Size, per_user: RateLimit) -> None:
        self.size = size
        self.events: list[Event] = []
        self.canvas = Canvas(size)
        self.checksums = [0]
        self.requests: dict[RequestKey, list[PixelPlaced]] = {}
        self.verdicts: dict[PlacementKey, Verdict] = {}
        self.copies: Counter[PlacementKey] = Counter()
        self._refused_at: dict[PlacementKey, Milliseconds] = {}
        self.locks: dict[str, Rect] = {}
        self.bans: dict[str, int | None] = {}
        self.paused = False
        self._ever_locked: list[Rect] = []
        self._ever_banned: set[str] = set()
        self._ever_paused = False
        self._colors: dict[Cell, set[Color]] = {}
        self._batch_from: Seq = 1
        self._limit = per_user
        self._buckets: dict[str, TokenBucket] = {}

    @property
    def head(self) -> Seq:
        """The newest committed seq."""
        return len(self.events)

    # ── commits ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def commit(self, batch: EventBatch) -> None:
        """Take in a batch that the log accepted, and judge it."""
        self._batch_from = batch.first_seq
        for event in batch.events:
            assert event.seq == self.head + 1, f"seq {event.seq} after {self.head}"
            if isinstance(event, PixelPlaced):
                self._judge(event)
                self.canvas.set(event.cell, event.color)
                self._colors.setdefault(event.cell, {0}).add(event.color)
                self.requests.setdefault((event.user, event.request), []).append(event)
            else:
                self._moderate(event)
            self.events.append(event)
            self.checksums.append(self.canvas.checksum)

    def _judge(self, event: PixelPlaced) -> None:
        x, y = self.size.point(event.cell)
        assert 0 <= event.cell < self.size.cells, f"{event} is outside"
        assert 0 <= event.color < 248, f"{event} has no colour"
        assert not any(rect.contains(x, y) for rect in self.locks.values()), f"{event} is inside a lock"
        assert not self.paused, f"{event} was placed while paused"
        if event.user in self.bans:
            until = self.bans[event.user]
            assert until is not None, f"{event} is by a banned user"
            assert event.time >= until, f"{event} is by a user banned until {until}"
        for earlier in self.requests.get((event.user, event.request), ()):
            assert event.time > earlier.time + RETAINED_MS, f"{event} repeats {earlier}"
        refused_at = self._refused_at.get((event.user, event.request, x, y, event.color), 0)
        assert event.time >= refused_at, f"{event} was refused at {refused_at}, while its outcome was open"
        bucket = self._buckets.setdefault(event.user, TokenBucket(self._limit, event.time))
        assert bucket.take(event.time), f"{event} had no token"

    def _moderate(self, event: Event) -> None:
        match event:
            case RegionLocked():
                self.locks[event.lock.id] = event.lock.rect
                self._ever_locked.append(event.lock.rect)
            case RegionUnlocked():
                del self.locks[event.lock_id]
            case UserBanned(until=0):
                self.bans.pop(event.banned, None)
            case UserBanned():
                self.bans[event.banned] = event.until
                self._ever_banned.add(event.banned)
            case PauseChanged():
                self.paused = event.paused
                self._ever_paused = self._ever_paused or event.paused
            case LimitsChanged():
                self._limit = event.per_user
                self._buckets.clear()
            case _:
                pass

    # ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

    def asked(self, command: Command) -> None:
        """Count the copies of a placement that reached the server: what is refused once may be accepted later."""
        if isinstance(command, PlacePixel):
            self.copies[placement_key(command)] += 1

    def answered(self, command: Command, verdict: Verdict, now: Milliseconds) -> None:
        """Judge a verdict at the moment it is given: nothing uncommitted may show in it."""
        if isinstance(verdict, Accepted):
            assert verdict.seq <= self.head, f"{command} was told of seq {verdict.seq}, the log is at {self.head}"
            self._accepted(command, self.events[verdict.seq - 1])
        elif isinstance(command, PlacePixel):
            held = [event for event in self.held(placement_key(command)) if event.time >= now - RETAINED_MS]
            # Of two copies in one batch the first may be refused for what ended before the second.
            held = [event for event in held if event.seq < self._batch_from or verdict.reason in _AT_ONCE]
            assert not held, f"{command} was refused with {verdict} and is in the log as {held}"
            self._refused(command, verdict)
            self._refused_at[placement_key(command)] = now
        if isinstance(command, PlacePixel):
            self.verdicts[placement_key(command)] = verdict

    def held(self, key: PlacementKey) -> list[PixelPlaced]:
        """Return the changes that exactly this placement made: one, or none."""
        user, request, x, y, color = key
        if not self.size.contains(x, y):
            return []
        wanted = self.size.cell(x, y), color
        return [event for event in self.requests.get((user, request), ()) if (event.cell, event.color) == wanted]

    def _accepted(self, command: Command, event: Event) -> None:
        if isinstance(command, PlacePixel):
            wanted = command.actor.user, command.request, self.size.cell(command.x, command.y), command.color
            assert isinstance(event, PixelPlaced), f"{command} was told that it is {event}"
            held = event.user, event.request, event.cell, event.color
            assert held == wanted, f"{command} was told that it is {event}"
        else:
            assert not isinstance(event, PixelPlaced), f"{command} was told that it is {event}"

    def _refused(self, command: PlacePixel, verdict: Refused) -> None:
        on_canvas = self.size.contains(command.x, command.y)
        if verdict.color is not None:
            assert on_canvas, f"{command} was told of a colour outside the canvas"
            ever = self._colors.get(self.size.cell(command.x, command.y), {0})
            assert verdict.color in ever, f"{command} was told of colour {verdict.color}, which never stood there"
        match verdict.reason:
            case ReasonCode.LOCKED:
                assert any(rect.contains(command.x, command.y) for rect in self._ever_locked), f"{command}: no lock"
            case ReasonCode.BANNED:
                assert command.actor.user in self._ever_banned, f"{command}: no ban"
            case ReasonCode.PAUSED:
                assert self._ever_paused, f"{command}: never paused"
            case ReasonCode.DUPLICATE:
                assert (command.actor.user, command.request) in self.requests, f"{command}: no other request"
            case ReasonCode.OUT_OF_BOUNDS:
                assert not on_canvas, f"{command} is on the canvas"
            case _:
                pass

    def hears(self, user: str, message: ServerMessage) -> None:
        """Judge a message at the moment it is sent: all that it speaks of is committed, and true."""
        if isinstance(message, PixelReject):
            return  # judged as a verdict
        assert message.seq <= self.head, f"{user} hears of seq {message.seq}, the log is at {self.head}"
        match message:
            case CanvasStateMessage() | HeartbeatReply():
                assert message.checksum == self.checksums[message.seq], f"{user} hears a false checksum: {message}"
            case PixelAck():
                self._acknowledged(user, message)
            case PixelBulkUpdate():
                self._merged(message)
            case ModerationRewind():
                raise AssertionError("nobody rewinds yet")
            case _:
                assert not isinstance(self.events[message.seq - 1], PixelPlaced), f"{message} is not in the log"

    def _acknowledged(self, user: str, ack: PixelAck) -> None:
        for request in ack.id if isinstance(ack.id, tuple) else (ack.id,):
            placed = self.requests.get((user, request))
            assert placed, f"{user} has an ack for {request}, which is not in the log"
            assert placed[-1].seq <= ack.seq, f"the ack for {placed[-1]} says seq {ack.seq}"

    def _merged(self, frame: PixelBulkUpdate) -> None:
        """A frame has every cell that changed, in its last colour; it may repeat some of the batch before."""
        width = self.size.width
        said = {y * width + x: color for x, y, color in frame.pixels}
        events = self.events[frame.first - 1 : frame.seq]
        changed = {event.cell: event.color for event in events if isinstance(event, PixelPlaced)}
        true = {cell: changed[cell] if cell in changed else self._color_at(cell, frame.seq) for cell in said}
        assert changed.keys() <= said.keys(), f"{frame} misses {changed.keys() - said.keys()}"
        assert said == true, f"{frame} is not what the log says: {true}"

    def _color_at(self, cell: Cell, seq: Seq) -> Color:
        for event in reversed(self.events[:seq]):
            if isinstance(event, PixelPlaced) and event.cell == cell:
                return event.color
        return 0
