"""What moderators did, in DynamoDB: the audit, which pruning leaves whole, and the locks that hold now.

Acts of moderation are numbered: 256 share a partition, so that there is none without any, however many placements lie
between two of them, and a page is read from the newest back. The numbers follow from the log alone. An item beside
them, the *mark*, says how many there are up to which seq; it is written last, so that whatever a crash leaves half
done is done again, with the same numbers, and nobody is shown what is behind the mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from pixels_core.errors import StoreCorrupt
from pixels_core.log.batch_codec import pack_moderation, unpack_moderation
from pixels_core.log.snapshot_codec import peek_locks
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord
from pixels_core.rules.events import ModerationEvent, RegionLocked, RegionUnlocked
from pixels_core.units import Milliseconds

from .items import (
    AUDIT_BUCKET,
    audit_bucket,
    audit_key,
    chunks,
    key_item,
    lock_bucket,
    lock_key,
    number_of,
    sortable,
)
from .requests import WRITES_AT_ONCE, ConditionFailed, DynamoRequests, gather_limited
from .search import last_true
from .table import EXPIRES

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.type_defs import BatchStatementRequestTypeDef

    from .items import Item

LIFTED_KEPT_S = 30 * 86_400
"""How long a lifted lock's item stays, marked as such: what another process writes late still finds it. Then it
deletes itself, so that reading the locks stays as cheap as what is locked."""
_AT_ONCE = 4
_NEWER = "attribute_not_exists(pk) OR seq < :seq"


class DynamoModeration:
    """The audit and the locks of one canvas.

    Args:
        requests: to the table.
        canvas: whose they are.
    """

    def __init__(self, requests: DynamoRequests, canvas: str) -> None:
        self._requests = requests
        self._canvas = canvas

    # ── the projection ──────────────────────────────────────────────────────────────────────────────────────────────

    async def project(self, events: Sequence[ModerationEvent]) -> None:
        """Write what follows from acts of moderation: all since the checkpoint, in the order of the log."""
        seq, count = await self._mark()
        fresh = [event for event in events if event.seq > seq]
        if not fresh:
            return
        statements = [self._insert(number, event) for number, event in enumerate(fresh, count)]
        parts = chunks(statements, WRITES_AT_ONCE)
        await gather_limited([self._requests.execute(part) for part in parts], _AT_ONCE)
        locks = {item["sk"]["S"]: item for event in fresh if (item := self._lock_item(event))}  # the last of each
        await gather_limited([self._put_newer(item) for item in locks.values()], _AT_ONCE)
        mark: Item = {
            **key_item((self._canvas, "audit")),
            "seq": {"N": str(fresh[-1].seq)},
            "count": {"N": str(count + len(fresh))},
        }
        await self._put_newer(mark)

    async def adopt(self, snapshots: Sequence[bytes]) -> None:
        """Take over locks that the log may no longer have from the oldest whole one of some snapshots, newest first.

        The log knows better: what it says of a lock replaces this, now or later.
        """
        for data in reversed(snapshots):
            with suppress(StoreCorrupt):
                locks = peek_locks(data)
                events = [RegionLocked(seq=0, time=0, user=one.by, reason=one.reason, lock=one) for one in locks]
                await gather_limited([self._put_newer(self._set_item(event)) for event in events], _AT_ONCE)
                return

    async def _mark(self) -> tuple[int, int]:
        """Return up to which seq, and how many, acts of moderation are written."""
        item = await self._requests.get((self._canvas, "audit")) or {}
        return number_of(item, "seq"), number_of(item, "count")

    def _insert(self, number: int, event: ModerationEvent) -> BatchStatementRequestTypeDef:
        """Return a write that changes nothing where the record is there already: it can only be the same."""
        item: Item = {
            **key_item(audit_key(self._canvas, number, event.seq)),
            "time": {"N": str(event.time)},
            "user": {"S": event.user},
            "kind": {"S": event.name},
            "event": {"B": pack_moderation(event)},
        }
        pairs = ", ".join(f"'{name}': ?" for name in item)
        insert = f'INSERT INTO "{self._requests.table}" VALUE {{{pairs}}}'
        return {"Statement": insert, "Parameters": list(item.values())}

    def _lock_item(self, event: ModerationEvent) -> Item | None:
        if isinstance(event, RegionLocked):
            return self._set_item(event)
        if isinstance(event, RegionUnlocked):
            return self._lifted_item(event)
        return None

    def _set_item(self, event: RegionLocked) -> Item:
        item = key_item(lock_key(self._canvas, event.lock.id))
        return {**item, "seq": {"N": str(event.seq)}, "event": {"B": pack_moderation(event)}}

    def _lifted_item(self, event: RegionUnlocked) -> Item:
        return {
            **key_item(lock_key(self._canvas, event.lock_id)),
            "seq": {"N": str(event.seq)},
            "lifted": {"N": str(event.time)},
            "user": {"S": event.user},
            EXPIRES: {"N": str(event.time // 1000 + LIFTED_KEPT_S)},
        }

    async def _put_newer(self, item: Item) -> None:
        """Put an item unless one of the same or a newer seq is there."""
        with suppress(ConditionFailed):
            await self._requests.put(item, _NEWER, {":seq": item["seq"]})

    # ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        """Return the records that are asked for, the newest first; raises StoreCorrupt at a damaged one.

        Users and kinds have no index: a question for something rare reads what lies between, some 10 KB for 30 acts.
        """
        seq, count = await self._mark()
        if limit < 1 or not count:
            return []
        last = seq if query.before is None else min(seq, query.before - 1)
        picky = query.user is not None or query.kinds or query.until is not None
        found: list[AuditRecord] = []
        for bucket in range(await self._bucket_of(last, query.until, count), -1, -1):
            newest = self._requests.query(
                audit_bucket(self._canvas, bucket),
                last=sortable(last),
                newest_first=True,
                limit=None if picky else limit - len(found),
            )
            async for item in newest:
                event = _event(item)
                if query.since is not None and event.time < query.since:
                    return found  # times never step back, so all the rest is older
                if query.admits(event):
                    found.append(AuditRecord(event))
                if len(found) == limit:
                    return found
        return found

    async def _bucket_of(self, last: int, until: Milliseconds | None, count: int) -> int:
        """Return the newest partition that can have something up to seq `last` and before `until`."""

        async def begins_in_time(bucket: int) -> bool:
            async for item in self._requests.query(audit_bucket(self._canvas, bucket), limit=1):
                in_time = until is None or number_of(item, "time") < until
                return in_time and int(item["sk"]["S"]) <= last
            raise StoreCorrupt(f"Part {bucket} of the audit is missing. Restore the table from a backup.")

        return await last_true(begins_in_time, 0, (count - 1) // AUDIT_BUCKET)

    async def locks(self) -> list[LockRecord]:
        """Return the active locks, the oldest first; raises StoreCorrupt at a damaged one."""
        found = []
        async for item in self._requests.query(lock_bucket(self._canvas)):
            if "lifted" in item:
                continue
            event = _event(item)
            if not isinstance(event, RegionLocked):
                raise StoreCorrupt(f"The lock {item['sk']['S'][1:]!r} is none. Restore the table from a backup.")
            found.append(LockRecord.of(event))
        return sorted(found, key=lambda record: (record.seq, record.lock.id))


def _event(item: Item) -> ModerationEvent:
    try:
        return unpack_moderation(item["event"]["B"])
    except StoreCorrupt as problem:
        where = " ".join((item["pk"]["S"], item["sk"]["S"]))
        raise StoreCorrupt(f"The record {where} is damaged: {problem} Restore the table from a backup.") from problem
