"""Pixel records and users in DynamoDB: what the log implies for them, and what is asked of them.

What a cell's or a user's item says at a seq follows from the log alone. So an item may be written by anybody who has
read the log that far, as long as it only ever goes forward: every write is conditional on a newer seq.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from pixels_core.ports import PixelRecord, Totals
from pixels_core.rules.events import ModerationEvent, PixelPlaced
from pixels_core.units import Cell, Seq

from .items import (
    HISTORY_KEPT,
    USER_BUCKETS,
    Key,
    cell_attributes,
    cell_key,
    chunks,
    history_of,
    key_item,
    mark_of,
    number_of,
    record_of,
    user_bucket,
    user_key,
)
from .moderation_records import DynamoModeration
from .requests import KEYS_AT_ONCE, WRITES_AT_ONCE, ConditionFailed, DynamoRequests, gather_limited
from .snapshots import DynamoSnapshots

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.client import DynamoDBClient
    from types_aiobotocore_dynamodb.type_defs import BatchStatementRequestTypeDef

    from .items import Item

RECORDS_VERSION = 2
"""Of what the projection writes: 1 was without moderation. Where an older program has written, all that the log still
has is projected again, which changes nothing that is there already."""
WRITES_IN_FLIGHT = 8
"""Requests of up to 25 writes each that are under way at once."""


class _Change(Protocol):
    """What some placements do to one item."""

    def merged(self, found: Item | None) -> Item | None:
        """Return the item's new attributes, or None where it has these placements already."""
        ...


@dataclass(frozen=True, slots=True)
class _CellChange:
    cell: Cell
    placed: list[PixelRecord]
    """In the order of the log."""

    def merged(self, found: Item | None) -> Item | None:
        before = history_of(found, self.cell) if found else []
        seq = before[0].seq if before else 0
        fresh = [record for record in reversed(self.placed) if record.seq > seq]
        return cell_attributes([*fresh, *before][:HISTORY_KEPT]) if fresh else None


@dataclass(frozen=True, slots=True)
class _UserChange:
    seqs: list[Seq]

    def merged(self, found: Item | None) -> Item | None:
        seq = number_of(found or {}, "seq")
        fresh = [own for own in self.seqs if own > seq]
        if not fresh:
            return None
        placed = number_of(found or {}, "placed") + len(fresh)
        return {"seq": {"N": str(fresh[-1])}, "placed": {"N": str(placed)}}


class DynamoRecords:
    """The records and users of one canvas.

    Args:
        requests: to the table.
        canvas: whose they are.
        totals_seconds: how old the counts may be.
        snapshots: the canvas's own; older programs left locks in nothing else that pruning leaves.
    """

    def __init__(
        self, requests: DynamoRequests, canvas: str, totals_seconds: float, snapshots: DynamoSnapshots
    ) -> None:
        self._requests = requests
        self._canvas = canvas
        self._totals_seconds = totals_seconds
        self._snapshots = snapshots
        self.moderation = DynamoModeration(requests, canvas)
        self._counting = asyncio.Lock()
        self._counts: list[tuple[str, int]] = []
        self._counted: float | None = None

    # ── the projection ──────────────────────────────────────────────────────────────────────────────────────────────

    async def checkpoint(self) -> int:
        """Return the number of the batch up to which everything is written."""
        item = await self._requests.get((self._canvas, "projected"))
        if item and number_of(item, "version") < RECORDS_VERSION:
            await self.moderation.adopt(await self._snapshots.load())
            return 0
        return mark_of(item).number

    async def save_checkpoint(self, number: int) -> None:
        """Note that everything up to a batch is written; an older note than the one that is there is none."""
        item: Item = {
            **key_item((self._canvas, "projected")),
            "batch_number": {"N": str(number)},
            "version": {"N": str(RECORDS_VERSION)},
        }
        newer = "attribute_not_exists(version) OR version < :version OR batch_number < :number"
        with suppress(ConditionFailed):
            await self._requests.put(item, newer, {":number": item["batch_number"], ":version": item["version"]})

    async def project(self, placed: Iterable[PixelPlaced]) -> None:
        """Write what follows from placements: all since the checkpoint, in the order of the log."""
        changes = self._changes(placed)
        some = [partial(self._write, dict(part)) for part in chunks(list(changes.items()), KEYS_AT_ONCE)]
        await gather_limited([write() for write in some], max(1, WRITES_IN_FLIGHT * WRITES_AT_ONCE // KEYS_AT_ONCE))

    async def project_moderation(self, events: Sequence[ModerationEvent]) -> None:
        """Write what follows from acts of moderation: all since the checkpoint, in the order of the log."""
        await self.moderation.project(events)

    def _changes(self, placed: Iterable[PixelPlaced]) -> dict[Key, _Change]:
        cells: dict[Cell, list[PixelRecord]] = {}
        users: dict[str, list[Seq]] = {}
        for pixel in placed:
            record = PixelRecord(pixel.cell, pixel.color, pixel.time, pixel.user, pixel.seq)
            cells.setdefault(pixel.cell, []).append(record)
            users.setdefault(pixel.user, []).append(pixel.seq)
        changes: dict[Key, _Change] = {cell_key(self._canvas, c): _CellChange(c, own) for c, own in cells.items()}
        return changes | {user_key(self._canvas, user): _UserChange(seqs) for user, seqs in users.items()}

    async def _write(self, changes: Mapping[Key, _Change]) -> None:
        """Read, merge and write up to 100 items; those that somebody else changed in between once more."""
        waiting = dict(changes)
        while waiting:
            found = await self._requests.get_many(list(waiting))
            writes = [
                (key, self._statement(key, new, exists=key in found))
                for key, change in waiting.items()
                if (new := change.merged(found.get(key))) is not None
            ]
            parts = chunks(writes, WRITES_AT_ONCE)
            held = await gather_limited(
                [self._requests.execute([statement for _, statement in part]) for part in parts], len(parts) or 1
            )
            outcomes = zip((key for key, _ in writes), (one for part in held for one in part), strict=True)
            waiting = {key: waiting[key] for key, done in outcomes if not done}

    def _statement(self, key: Key, new: Item, *, exists: bool) -> BatchStatementRequestTypeDef:
        """Return a conditional write in PartiQL: only that way does one request carry 25 of them."""
        table, names = self._requests.table, list(new)
        if not exists:
            pairs = ", ".join(f"'{name}': ?" for name in ("pk", "sk", *names))
            insert = f'INSERT INTO "{table}" VALUE {{{pairs}}}'
            return {"Statement": insert, "Parameters": [*key_item(key).values(), *new.values()]}
        settings = " ".join(f'SET "{name}" = ?' for name in names)
        update = f'UPDATE "{table}" {settings} WHERE pk = ? AND sk = ? AND seq < ?'
        return {"Statement": update, "Parameters": [*new.values(), *key_item(key).values(), new["seq"]]}

    # ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def record(self, cell: Cell) -> PixelRecord | None:
        """Return the newest placement in a cell."""
        item = await self._requests.get(cell_key(self._canvas, cell), consistent=False)
        return record_of(item, cell) if item else None

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        """Return the last placements in a cell, 16 at most, the newest first, as far back as the log is kept."""
        floor, own = (self._canvas, "floor"), cell_key(self._canvas, cell)
        found = await self._requests.get_many([floor, own], consistent=False)
        if own not in found:
            return []
        pruned = mark_of(found.get(floor)).seq
        return [record for record in history_of(found[own], cell) if record.seq > pruned][:limit]

    async def totals(self, top: int) -> Totals:
        """Return the counts; of equally active users the first in the order of their ids leads."""
        async with self._counting:
            now = time.monotonic()
            if self._counted is None or now - self._counted >= self._totals_seconds:
                parts = await gather_limited([self._painters(bucket) for bucket in range(USER_BUCKETS)], USER_BUCKETS)
                painters = [painter for part in parts for painter in part]
                self._counts, self._counted = sorted(painters, key=lambda entry: (-entry[1], entry[0])), now
            counts = self._counts
        return Totals(sum(placed for _, placed in counts), len(counts), tuple(counts[:top]))

    async def _painters(self, bucket: int) -> list[tuple[str, int]]:
        items = [item async for item in self._requests.query(user_bucket(self._canvas, bucket))]
        return [(item["sk"]["S"][1:], number_of(item, "placed")) for item in items if number_of(item, "placed")]

    # ── users ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def remember(self, user: str, name: str | None) -> None:
        """Set or clear a user's display name; a new user has placed nothing up to seq 0."""
        change = "SET seq = if_not_exists(seq, :zero), placed = if_not_exists(placed, :zero)"
        values: Item = {":zero": {"N": "0"}}
        if name is None:
            change += " REMOVE #name"
        else:
            change += ", #name = :name"
            values[":name"] = {"S": name}
        await self._requests.run(partial(self._update_user, user=user, change=change, values=values))

    async def _update_user(self, client: DynamoDBClient, user: str, change: str, values: Item) -> None:
        await client.update_item(
            TableName=self._requests.table,
            Key=key_item(user_key(self._canvas, user)),
            UpdateExpression=change,
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues=values,
        )

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those users who have one."""
        keys: Sequence[Key] = [user_key(self._canvas, user) for user in dict.fromkeys(users)]
        found = await self._requests.get_many(keys, consistent=False)
        return {key[1][1:]: item["name"]["S"] for key, item in found.items() if "name" in item}
