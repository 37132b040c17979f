"""The bus between nodes and the sequencer, on Redis streams. It holds no truth: it can be flushed at any moment.

Keys of one canvas (the braces keep them in one slot of a cluster)::

    pixels:{canvas}:inbox           stream   commands of all nodes, in the order in which they are decided
    pixels:{canvas}:position        string   the last inbox entry whose verdicts are out
    pixels:{canvas}:told            string   the number of the last batch whose verdicts are out
    pixels:{canvas}:outbox          stream   committed batches, and the sequencer's sign of life with its head
    pixels:{canvas}:replies:NODE    stream   verdicts for one node
    pixels:{canvas}:lease           string   who sequences, see `redis_lease`
    pixels:{canvas}:log             string   the epoch of the log that all of this is about; runs out unless renewed
    pixels:{canvas}:snapshot        hash     a snapshot and its seq, for the API
    pixels:{canvas}:nodes           zset     nodes by when they were last heard of (Redis's own clock)
    pixels:{canvas}:online          hash     open sockets by node

A batch, its verdicts and the position become visible in one transaction, which fails where the lease is not the
publisher's any more.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from pixels_core.errors import BusUnavailable, ConfigurationError, PixelsError, ProtocolError
from pixels_core.log.batch_codec import pack_batch, unpack_batch
from pixels_core.log.command_codec import pack_commands, pack_verdicts, unpack_commands, unpack_verdicts
from pixels_core.rules.commands import Command
from pixels_core.rules.effects import Verdict
from pixels_core.rules.events import EventBatch
from pixels_core.units import Milliseconds, Seq

from .errors import translated
from .lease import Lease

logger = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 4.0
"""Longest wait for an answer; blocking reads ask for less."""
LONGEST_BLOCK_MS: Final = 1_000
INBOX_LENGTH: Final = 20_000
OUTBOX_LENGTH: Final = 2_000
REPLIES_LENGTH: Final = 2_000
REPLIES_LIFE_MS: Final = 600_000
"""A node that is gone does not ask for its verdicts; after this long they are forgotten."""
READ_COUNT: Final = 10
MAX_ENTRY: Final = 100
"""Commands in one inbox entry; the leader always decides on whole entries."""
PRESENCE_MS: Final = 15_000
CLAIM_MS: Final = 10_000
"""How long a bus stays kept for a log after the last node of it was heard of."""
START: Final = "0-0"


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """Commands of one node, each with the node's number for it."""

    position: str
    node: str
    commands: list[tuple[int, Command]]


@dataclass(frozen=True, slots=True)
class Head:
    """The sequencer's sign of life: the number of the last batch in the log."""

    batch_number: int


class RedisBus:
    """The bus of one canvas; every method raises BusUnavailable where Redis cannot be reached."""

    def __init__(self, client: Redis, canvas: str) -> None:
        self._redis: Any = client  # redis-py types its answers as "maybe awaitable"
        self._prefix = f"pixels:{{{canvas}}}"

    @classmethod
    def connect(cls, url: str, canvas: str) -> Self:
        """Return a bus at a `redis://` or `rediss://` URL; nothing is sent yet.

        Raises ConfigurationError for a URL that cannot be read, without repeating any of it: it may hold a password.
        """
        try:
            client = Redis.from_url(
                url,
                socket_connect_timeout=CONNECT_SECONDS,
                socket_timeout=ANSWER_SECONDS,
                retry=Retry(NoBackoff(), 0),
                health_check_interval=0,
            )
            pool: Any = client.connection_pool
            pool.make_connection()  # which only now looks at the URL's options; nothing is sent
        except (ValueError, TypeError):
            raise ConfigurationError(
                "PIXELS_REDIS_URL cannot be read: it is redis://user:password@host:port/0, and what is special in a "
                "user or password is written with % (%23 for #, %2F for /, %3F for ?, %40 for @)."
            ) from None
        return cls(client, canvas)

    def lease(self, node: str, duration: Milliseconds) -> Lease:
        """Return the canvas's lease for a node."""
        return Lease(self._redis, f"{self._prefix}:lease", node, duration)

    async def check(self) -> None:
        """Make sure that Redis answers and allows every command that is used here, all or none of them.

        Raises ConfigurationError with what to mend.
        """
        name = f"check:{secrets.token_hex(4)}"  # of several that start at once each has its own
        text, stream, fields, ranks = (self._key(name + kind) for kind in ("", ":stream", ":hash", ":zset"))
        entry: Any = {"h": 0}
        with translated():
            async with self._redis.pipeline(transaction=True) as pipe:
                await pipe.watch(text)
                await pipe.xread({stream: START}, count=1)
                pipe.multi()
                pipe.time()
                pipe.incr(text).get(text).exists(text).pexpire(text, 1000)
                pipe.set(text, b"1", px=1000)
                pipe.xadd(stream, entry, maxlen=1, approximate=True).xrevrange(stream, count=1)
                pipe.xtrim(stream, maxlen=0)
                pipe.hset(fields, "a", "1").hget(fields, "a").hmget(fields, ["a"]).hdel(fields, "a")
                pipe.zadd(ranks, {"a": 1}).zrangebyscore(ranks, 0, 1).zrem(ranks, "a")
                pipe.delete(text, stream, fields, ranks)
                await pipe.execute()

    @staticmethod
    def time_of(position: str) -> Milliseconds:
        """Return when an entry was put in, by Redis's clock."""
        return _order(position)[0]

    async def now(self) -> Milliseconds:
        """Return Redis's clock, which all nodes share."""
        with translated():
            seconds, microseconds = await self._redis.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    # ── one log behind it ───────────────────────────────────────────────────────────────────────────────────────────

    async def claim(self, epoch: str) -> None:
        """Keep the bus for a log for another `CLAIM_MS`; raises ConfigurationError where it is kept for another."""
        with translated():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(self._key("log"), epoch, nx=True, px=CLAIM_MS).get(self._key("log"))
                _, found = await pipe.execute()
            _check_same_log(found, epoch)
            await self._redis.pexpire(self._key("log"), CLAIM_MS)

    async def check_log(self, epoch: str) -> None:
        """Raise ConfigurationError where the bus is kept for another log."""
        with translated():
            found = await self._redis.get(self._key("log"))
        _check_same_log(found, epoch)

    # ── nodes → sequencer ───────────────────────────────────────────────────────────────────────────────────────────

    async def send_commands(self, node: str, commands: list[tuple[int, Command]]) -> None:
        """Put a node's commands in; when this fails they may or may not have arrived."""
        fields: Any = {"n": node, "c": pack_commands(commands)}
        with translated():
            await self._redis.xadd(self._key("inbox"), fields, maxlen=INBOX_LENGTH, approximate=True)

    async def position(self) -> str:
        """Return the inbox position after which nothing has been answered."""
        with translated():
            value = await self._redis.get(self._key("position"))
        return value.decode() if value else START

    async def told(self) -> int | None:
        """Return the number of the last batch whose verdicts are known to be out; None where nobody knows."""
        with translated():
            value = await self._redis.get(self._key("told"))
        return int(value) if value else None

    async def read_inbox(self, after: str, count: int, block: Milliseconds) -> list[InboxEntry]:
        """Return the entries after a position, waiting up to `block` for the first."""
        return [_inbox_entry(*entry) for entry in await self._read("inbox", after, count, block)]

    # ── sequencer → nodes ───────────────────────────────────────────────────────────────────────────────────────────

    async def publish(
        self,
        lease: Lease,
        batch: EventBatch | None,
        verdicts: Mapping[str, Sequence[tuple[int, Verdict]]],
        position: str,
        told: int | None = None,
    ) -> None:
        """Make a committed batch, its verdicts and the position visible at once, or raise LeaseLost.

        `told` is the number of the last batch whose verdicts are out then, the batch's own unless it is given.
        """
        told = batch.number if told is None and batch else told
        packed = None if batch is None else pack_batch(batch)
        replies = {node: pack_verdicts(list(pairs)) for node, pairs in verdicts.items()}

        def fill(pipe: Any) -> None:
            if packed is not None:
                self._add(pipe, "outbox", {"b": packed}, OUTBOX_LENGTH)
            for node, verdict in replies.items():
                self._add(pipe, f"replies:{node}", {"v": verdict}, REPLIES_LENGTH)
                pipe.pexpire(self._key(f"replies:{node}"), REPLIES_LIFE_MS)
            pipe.set(self._key("position"), position)
            if told is not None:
                pipe.set(self._key("told"), told)
            pipe.xtrim(self._key("inbox"), minid=position, approximate=True)

        await lease.transaction(fill)

    async def announce(self, head: int) -> None:
        """Say that the sequencer lives and where the log's head is."""
        fields: Any = {"h": head}
        with translated():
            await self._redis.xadd(self._key("outbox"), fields, maxlen=OUTBOX_LENGTH, approximate=True)

    async def outbox_end(self) -> str:
        """Return the position of the newest entry of the outbox."""
        with translated():
            newest = await self._redis.xrevrange(self._key("outbox"), count=1)
        return newest[0][0].decode() if newest else START

    async def read_outbox(self, after: str, block: Milliseconds) -> tuple[str, list[EventBatch | Head]]:
        """Return the new position and what came after `after`."""
        entries = await self._read("outbox", after, READ_COUNT, block)
        return (entries[-1][0] if entries else after), [_outbox_item(fields) for _, fields in entries]

    async def read_replies(self, node: str, after: str, block: Milliseconds) -> tuple[str, list[tuple[int, Verdict]]]:
        """Return the new position and the verdicts for a node that came after `after`."""
        entries = await self._read(f"replies:{node}", after, READ_COUNT, block)
        pairs = [pair for position, fields in entries for pair in _verdicts(position, fields)]
        return (entries[-1][0] if entries else after), pairs

    async def forget_replies(self, node: str) -> None:
        """Throw a node's replies away: it will not ask again."""
        with translated():
            await self._redis.delete(self._key(f"replies:{node}"))

    async def has_leader(self) -> bool:
        """Say whether some node holds the lease."""
        with translated():
            return bool(await self._redis.exists(self._key("lease")))

    # ── for the API ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def save_snapshot(self, seq: Seq, data: bytes) -> None:
        """Keep a snapshot for whoever has no state of its own."""
        fields: Any = {"seq": seq, "data": data}
        with translated():
            await self._redis.hset(self._key("snapshot"), mapping=fields)

    async def snapshot(self, newer_than: Seq) -> bytes | None:
        """Return the kept snapshot if its seq is above `newer_than`, else None."""
        with translated():
            seq = await self._redis.hget(self._key("snapshot"), "seq")
            if seq is None or int(seq) <= newer_than:
                return None
            data: bytes | None = await self._redis.hget(self._key("snapshot"), "data")
            return data

    async def report_online(self, node: str, sockets: int) -> int:
        """Say how many sockets a node has open; returns the sum over all nodes heard of lately."""
        now = await self.now()
        with translated():
            gone = await self._redis.zrangebyscore(self._key("nodes"), "-inf", f"({now - PRESENCE_MS}")
            async with self._redis.pipeline(transaction=True) as pipe:
                self._forget(pipe, gone)
                pipe.hset(self._key("online"), node, sockets)
                pipe.zadd(self._key("nodes"), {node: now})
                await pipe.execute()
        return await self._online(now)

    async def leave(self, node: str) -> None:
        """Take a node that stops out of the count at once."""
        with translated():
            async with self._redis.pipeline(transaction=True) as pipe:
                self._forget(pipe, [node])
                pipe.delete(self._key(f"replies:{node}"))
                pipe.zrangebyscore(self._key("nodes"), "-inf", "+inf")
                *_, others = await pipe.execute()
            if not others:
                await self._redis.delete(self._key("log"))  # whoever comes next may have another

    def _forget(self, pipe: Any, nodes: Sequence[str | bytes]) -> None:
        if nodes:
            pipe.hdel(self._key("online"), *nodes)
            pipe.zrem(self._key("nodes"), *nodes)

    async def online(self) -> int:
        """Return the number of open sockets on all nodes heard of lately."""
        return await self._online(await self.now())

    async def _online(self, now: Milliseconds) -> int:
        with translated():
            nodes = await self._redis.zrangebyscore(self._key("nodes"), now - PRESENCE_MS, "+inf")
            counts = await self._redis.hmget(self._key("online"), nodes) if nodes else []
        return sum(int(count) for count in counts if count)

    def _key(self, name: str) -> str:
        return f"{self._prefix}:{name}"

    def _add(self, pipe: Any, stream: str, fields: dict[str, bytes], length: int) -> None:
        pipe.xadd(self._key(stream), fields, maxlen=length, approximate=True)

    async def _read(
        self, stream: str, after: str, count: int, block: Milliseconds
    ) -> list[tuple[str, dict[bytes, bytes]]]:
        block = min(block, LONGEST_BLOCK_MS)
        with translated():
            answer: Any = await self._redis.xread({self._key(stream): after}, count=count, block=block or None)
            if not answer and await self._is_past_end(stream, after):
                answer = await self._redis.xread({self._key(stream): START}, count=count)
        if not answer:
            return []
        entries = answer[0][1] if isinstance(answer, list) else next(iter(answer.values()))[0]
        return [(position.decode(), fields) for position, fields in entries]

    async def _is_past_end(self, stream: str, position: str) -> bool:
        """Say whether a stream was forgotten and has begun anew with smaller ids, as its clock was set back."""
        newest = await self._redis.xrevrange(self._key(stream), count=1)
        return bool(newest) and _order(newest[0][0].decode()) < _order(position)


def _check_same_log(found: bytes | None, epoch: str) -> None:
    if found is not None and found != epoch.encode():
        raise ConfigurationError(
            "Redis already carries another canvas of this name: processes with another log use it. All processes of "
            "a canvas need the same log; give this one that log (PIXELS_DYNAMODB_TABLE), another name "
            f"(PIXELS_CANVAS) or another Redis. If the others have ended, wait for {CLAIM_MS // 1000} seconds."
        )


def _order(position: str) -> tuple[int, int]:
    """Return what positions are ordered by: a time in milliseconds, and a counter within it."""
    time, _, counter = position.partition("-")
    return int(time), int(counter)


def _inbox_entry(position: str, fields: dict[bytes, bytes]) -> InboxEntry:
    """Read an entry; one that makes no sense is passed over, or no leader would ever get beyond it."""
    try:
        entry = InboxEntry(position, fields[b"n"].decode(), unpack_commands(fields[b"c"]))
    except (ProtocolError, KeyError, UnicodeDecodeError) as problem:
        logger.warning("Inbox entry %s is passed over: %s", position, problem)
        return InboxEntry(position, "", [])
    if len(entry.commands) > MAX_ENTRY:
        logger.warning("Inbox entry %s is passed over: it has %d commands", position, len(entry.commands))
        return InboxEntry(position, "", [])
    return entry


def _verdicts(position: str, fields: dict[bytes, bytes]) -> list[tuple[int, Verdict]]:
    try:
        return unpack_verdicts(fields[b"v"])
    except (ProtocolError, KeyError) as problem:
        logger.warning("Reply %s is passed over: %s", position, problem)
        return []


def _outbox_item(fields: dict[bytes, bytes]) -> EventBatch | Head:
    """Read an entry; what makes no sense is in the log."""
    try:
        return Head(int(fields[b"h"])) if b"h" in fields else unpack_batch(fields[b"b"])
    except (PixelsError, KeyError, ValueError) as problem:
        raise BusUnavailable(f"The outbox has an entry that makes no sense: {problem}") from problem
