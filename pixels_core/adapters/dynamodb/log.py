"""The event log in DynamoDB: one conditional put a batch, which is also what fences writers."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from pixels_core.errors import BatchConflict, StoreCorrupt, StoreUnavailable
from pixels_core.log.batch_codec import pack_batch, unpack_batch
from pixels_core.rules.events import EventBatch
from pixels_core.units import Milliseconds

from .items import (
    LOG_BUCKET,
    Key,
    Mark,
    key_item,
    key_of,
    log_bucket,
    log_key,
    mark_of,
    number_of,
    sortable,
)
from .requests import ConditionFailed, DynamoRequests
from .search import last_true, newest_filled
from .table import EXPIRES

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.client import DynamoDBClient
    from types_aiobotocore_dynamodb.type_defs import AttributeValueTypeDef

    from .items import Item

LONGEST_PAYLOAD = 390_000
"""An item may have 400 KB; ten of them are for the keys and the numbers beside the payload."""
TRUST_HEAD_S = 600
"""A head read longer ago is read again before an append. Conditional puts fence only numbers that are still there; a
batch stays for a day at least, and a writer that slept through that must not find its next number free again."""
_DAY_MS = 86_400_000
_FREE = "attribute_not_exists(pk)"
_CLAIMED = "claim = :claim"


class DynamoLog:
    """The batches of one canvas, and behind them perhaps a claim: an item that keeps the next number for one writer.

    A put that nobody waits for any more may reach DynamoDB late. Whoever takes over claims the next number first: a
    late put then finds it taken, while the batch of whoever holds the claim replaces it.

    Args:
        requests: to the table.
        canvas: whose log it is.
        expiry_days: after how many days a batch deletes itself; None: never.
    """

    def __init__(self, requests: DynamoRequests, canvas: str, expiry_days: int | None) -> None:
        self._requests = requests
        self._canvas = canvas
        self._expiry_days = expiry_days
        self._writer = secrets.token_bytes(8)
        self._appending = asyncio.Lock()
        self._head = Mark()
        self._head_read: float | None = None  # None: the head may be further than we know
        self._claim: tuple[int, bytes] | None = None  # the number that is kept for us, and what the claim says

    @property
    def known_head(self) -> Mark:
        """The newest batch that is known to be in the log."""
        return self._head

    # ── appending ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def append(self, batch: EventBatch) -> None:
        """Put a batch; raises BatchConflict, and changes nothing, unless it follows the head."""
        payload = pack_batch(batch)
        if len(payload) > LONGEST_PAYLOAD:
            raise StoreUnavailable(
                f"Batch {batch.number} has {len(payload)} bytes; DynamoDB takes {LONGEST_PAYLOAD}."
            )
        async with self._appending:
            await self._check_follows(batch)
            self._head_read = None  # until this put has an answer, nobody knows
            try:
                await self._requests.put(self._item(batch, payload), *self._may_put(batch.number))
            except ConditionFailed as there:
                # An attempt whose answer was lost may have succeeded: then the batch that is there is this one.
                if there.item.get("writer") != {"B": self._writer} or there.item.get("payload") != {"B": payload}:
                    raise _taken(batch.number, there.item) from there
            self._set_head(Mark(batch.number, batch.last_seq))

    def _may_put(self, number: int) -> tuple[str, Item]:
        """Return the condition of a put: the number is free, or kept for us."""
        if self._claim is None or self._claim[0] != number:
            return _FREE, {}
        return _CLAIMED, {":claim": {"B": self._claim[1]}}

    async def _check_follows(self, batch: EventBatch) -> None:
        if not self._is_fresh() or not _follows(batch, self._head):
            await self.head()
        if not _follows(batch, self._head):
            raise BatchConflict(
                f"Batch {batch.number} (from seq {batch.first_seq}) does not follow "
                f"batch {self._head.number} (to seq {self._head.seq})."
            )

    def _is_fresh(self) -> bool:
        return self._head_read is not None and time.monotonic() - self._head_read < TRUST_HEAD_S

    def _item(self, batch: EventBatch, payload: bytes) -> Item:
        item = key_item(log_key(self._canvas, batch.number))
        item |= {
            "first_seq": {"N": str(batch.first_seq)},
            "seq": {"N": str(batch.last_seq)},
            "time": {"N": str(batch.time)},
            "payload": {"B": payload},
            "writer": {"B": self._writer},
        }
        if self._expiry_days is not None:
            item[EXPIRES] = {"N": str((batch.time + self._expiry_days * _DAY_MS) // 1000)}
        return item

    # ── fencing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def fence(self, after: int) -> None:
        """Claim the next number; raises BatchConflict where it is a batch's, or somebody else claims it just now.

        Every claim is drawn anew, so that it also stops what this process itself has sent and given up.
        """
        async with self._appending:
            self._claim = None
            head = self._head if self._is_fresh() else await self.head()  # were it further, a batch would be there
            if head.number != after:
                raise BatchConflict(f"The log ends at batch {head.number}, not at batch {after}.")
            claim = secrets.token_bytes(16)
            standing = await self._put_claim(head, claim, _FREE, {})
            if standing is not None and await self._put_claim(head, claim, _CLAIMED, {":claim": standing}):
                raise BatchConflict(f"Somebody else claims batch {after + 1}.")
            self._claim = after + 1, claim

    async def _put_claim(
        self, head: Mark, claim: bytes, condition: str, values: Item
    ) -> AttributeValueTypeDef | None:
        """Put a claim behind the head; returns what stands there instead, raises BatchConflict for a batch."""
        item = key_item(log_key(self._canvas, head.number + 1))
        item |= {"claim": {"B": claim}, "seq": {"N": str(head.seq)}}
        try:
            await self._requests.put(item, condition, values)
        except ConditionFailed as there:
            if "claim" not in there.item:
                raise _taken(head.number + 1, there.item) from there
            standing = there.item["claim"]
            return None if standing == {"B": claim} else standing  # ours: the answer to an attempt was lost
        return None

    # ── the head ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def head(self) -> Mark:
        """Find the newest batch: from the newest place known, over the partitions' newest batches.

        All reads are strongly consistent: an old answer here would let a writer take a number that is taken.
        """
        marks = () if self._is_fresh() else await self._marks()
        base = max((self._head, *marks), key=lambda mark: mark.number)
        found = await newest_filled(self._newest_in, (base.number + 1) // LOG_BUCKET)
        self._set_head(max(base, found or base, key=lambda mark: mark.number))
        return self._head

    def _set_head(self, head: Mark) -> None:
        if head.number >= self._head.number:  # one that was on its way during an append may be older
            self._head = head
        self._head_read = time.monotonic()

    async def _marks(self) -> tuple[Mark, Mark]:
        """Return the floor, and the head as it was when the newest snapshot was saved."""
        floor, snapshots = (self._canvas, "floor"), (self._canvas, "snapshots")
        found = await self._requests.get_many([floor, snapshots])
        return mark_of(found.get(floor)), mark_of(found.get(snapshots))

    async def _newest_in(self, bucket: int) -> Mark | None:
        async for item in self._requests.query(log_bucket(self._canvas, bucket), newest_first=True, limit=1):
            return Mark(int(item["sk"]["S"]) - ("claim" in item), number_of(item, "seq"))
        return None

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield the batches above `after`, in order; raises StoreCorrupt at a damaged or missing one."""
        expected = max(after, (await self.floor()).number) + 1
        while True:
            start = expected
            async for item in self._from(expected):
                yield _unpacked(item, expected)
                expected += 1
            if expected == start:
                if (await self.head()).number < expected:
                    return
                if not [item async for item in self._from(expected)]:  # it may have come since
                    raise StoreCorrupt(f"Batch {expected} is missing in the log. Restore the table from a backup.")

    async def _from(self, number: int) -> AsyncIterator[Item]:
        """Yield the batches of one partition from a number on."""
        bucket = log_bucket(self._canvas, number // LOG_BUCKET)
        async for item in self._requests.query(bucket, first=sortable(number)):
            if "claim" not in item:
                yield item

    async def floor(self) -> Mark:
        """Return the newest batch that was pruned."""
        return mark_of(await self._requests.get((self._canvas, "floor")))

    async def number_before(self, moment: Milliseconds) -> int:
        """Return the number of the newest batch older than `moment`, or of the one before the oldest kept."""
        floor, head = (await self.floor()).number, (await self.head()).number

        async def older(number: int) -> bool:
            item = await self._batch(number)
            return item is None or number_of(item, "time") < moment

        return await last_true(older, floor, head)

    async def _batch(self, number: int) -> Item | None:
        """Return a batch's item; None where it has expired. Raises StoreCorrupt where it cannot have."""
        item = await self._requests.get(log_key(self._canvas, number))
        if item is None and self._expiry_days is None:
            raise StoreCorrupt(f"Batch {number} is missing in the log. Restore the table from a backup.")
        return item

    # ── pruning ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def prune(self, covered: int, before: Milliseconds) -> int:
        """Forget batches up to `covered` that are older than `before`, but never the head; returns how many."""
        item = await self._requests.get((self._canvas, "floor"))
        floor, deleted = mark_of(item).number, number_of(item or {}, "deleted")
        last = min(covered, (await self.head()).number - 1, await self.number_before(before))
        newest = await self._batch(last) if last > floor else None
        if newest is None:
            last = floor
        else:
            await self._put_floor(last, number_of(newest, "seq"), deleted)
        if self._expiry_days is None and deleted < last:
            await self._delete(deleted + 1, last)
        return last - floor

    async def _put_floor(self, number: int, seq: int, deleted: int) -> None:
        """From here on the batches are forgotten, whether or not their items are still there."""
        item = key_item((self._canvas, "floor"))
        item |= {"batch_number": {"N": str(number)}, "seq": {"N": str(seq)}, "deleted": {"N": str(deleted)}}
        newer = "attribute_not_exists(pk) OR batch_number < :number"
        with suppress(ConditionFailed):  # it is there already, or further
            await self._requests.put(item, newer, {":number": {"N": str(number)}})

    async def _delete(self, first: int, last: int) -> None:
        """Delete forgotten batches, partition by partition, and note how far that has come."""
        while first <= last:
            end = min(last, (first // LOG_BUCKET + 1) * LOG_BUCKET - 1)
            bucket = log_bucket(self._canvas, first // LOG_BUCKET)
            doomed: list[Key] = [
                key_of(item) async for item in self._requests.query(bucket, first=sortable(first), last=sortable(end))
            ]
            await self._requests.delete_many(doomed)
            await self._requests.run(partial(self._note_deleted, end=end))
            first = end + 1

    async def _note_deleted(self, client: DynamoDBClient, end: int) -> None:
        await client.update_item(
            TableName=self._requests.table,
            Key=key_item((self._canvas, "floor")),
            UpdateExpression="SET deleted = :end",
            ExpressionAttributeValues={":end": {"N": str(end)}},
        )


def _taken(number: int, item: Item) -> BatchConflict:
    if "claim" in item:
        return BatchConflict(f"Another writer claims batch {number}.")
    return BatchConflict(f"Batch {number} is in the log already.")


def _follows(batch: EventBatch, head: Mark) -> bool:
    return batch.number == head.number + 1 and batch.first_seq == head.seq + 1


def _unpacked(item: Item, number: int) -> EventBatch:
    """Return the batch in an item; raises StoreCorrupt unless it is the one that should be there."""
    if item["sk"]["S"] != sortable(number):
        raise StoreCorrupt(f"Batch {number} is missing in the log. Restore the table from a backup.")
    try:
        batch = unpack_batch(item["payload"]["B"])
    except StoreCorrupt as problem:
        raise StoreCorrupt(f"Batch {number} is damaged: {problem} Restore the table from a backup.") from problem
    if batch.number != number:
        raise StoreCorrupt(f"Batch {number} says that it is batch {batch.number}. Restore the table from a backup.")
    return batch
