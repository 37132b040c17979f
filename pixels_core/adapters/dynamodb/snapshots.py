"""Snapshots in DynamoDB, which takes 400 KB an item: chunks first, then the catalogue that makes them count.

The catalogue is one item: the two snapshots that are kept, the drafts that are rubbish, and a version that every
change raises under a condition. A draft is entered as rubbish before its first chunk is written, so that whatever is
interrupted is cleaned up by the next save; the write that makes it count is also the one that takes it off that list.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pixels_core.errors import StoreUnavailable

from .items import (
    CHUNK_BYTES,
    Mark,
    key_item,
    key_of,
    mark_of,
    number_of,
    snapshot_bucket,
)
from .requests import ConditionFailed, DynamoRequests, gather_limited

if TYPE_CHECKING:
    from .items import Item

SNAPSHOTS_KEPT = 2
_TRIES = 8
_PATIENCE = 4
"""Saving takes some 100 ms: pauses of that order let one of two rivals finish first."""
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot that counts: after which batch, and where its chunks are."""

    number: int
    draft: str
    chunks: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the catalogue's item says; snapshots newest first."""

    version: int = 0
    kept: tuple[Kept, ...] = ()
    rubbish: tuple[str, ...] = ()
    head: Mark = field(default_factory=Mark)


class DynamoSnapshots:
    """The snapshots of one canvas.

    Args:
        requests: to the table.
        canvas: whose they are.
    """

    def __init__(self, requests: DynamoRequests, canvas: str) -> None:
        self._requests = requests
        self._canvas = canvas
        self._saving = asyncio.Lock()

    async def save(self, number: int, data: bytes, head: Mark) -> None:
        """Keep a snapshot, and remember `head`: from there the next start looks for the log's end."""
        async with self._saving:
            for attempt in range(_TRIES):
                try:
                    await self._save(number, data, head)
                except ConditionFailed:  # another process saves too: begin again after it
                    await self._requests.pause(attempt + _PATIENCE)
                    continue
                return
        raise StoreUnavailable("Other processes kept saving snapshots at the same time; this one was not saved.")

    async def _save(self, number: int, data: bytes, head: Mark) -> None:
        found = await self._catalogue()
        new = Kept(number, secrets.token_hex(8), -(-len(data) // CHUNK_BYTES))
        await self._write(Catalogue(found.version + 1, found.kept, (*found.rubbish, new.draft), found.head))
        for draft in found.rubbish:
            await self._delete(draft)
        await gather_limited(
            [self._requests.put(self._chunk(new.draft, index, data)) for index in range(new.chunks)], _AT_ONCE
        )
        others = (kept for kept in found.kept if kept.number != number)
        ranking = sorted((new, *others), key=lambda kept: -kept.number)
        kept, dropped = ranking[:SNAPSHOTS_KEPT], {*(one.draft for one in (new, *found.kept))}
        rubbish = dropped - {one.draft for one in kept}
        furthest = max(head, found.head, key=lambda mark: mark.number)
        await self._write(Catalogue(found.version + 2, tuple(kept), tuple(sorted(rubbish)), furthest))

    def _chunk(self, draft: str, index: int, data: bytes) -> Item:
        item = key_item((snapshot_bucket(self._canvas, draft), f"{index:04}"))
        return {**item, "data": {"B": data[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]}}

    async def _delete(self, draft: str) -> None:
        await self._requests.delete_many([key_of(item) for item in await self._chunks(draft)])

    async def load(self) -> list[bytes]:
        """Return the kept snapshots, the newest first; b"" for one that is incomplete."""
        return await gather_limited([self._load(kept) for kept in (await self._catalogue()).kept], SNAPSHOTS_KEPT)

    async def oldest(self) -> list[bytes]:
        """Return the oldest kept snapshot, if there is one."""
        return [await self._load(kept) for kept in (await self._catalogue()).kept[-1:]]

    async def _load(self, kept: Kept) -> bytes:
        chunks = await self._chunks(kept.draft)
        return b"".join(item["data"]["B"] for item in chunks) if len(chunks) == kept.chunks else b""

    async def _chunks(self, draft: str) -> Sequence[Item]:
        return [item async for item in self._requests.query(snapshot_bucket(self._canvas, draft))]

    # ── the catalogue ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _catalogue(self) -> Catalogue:
        item = await self._requests.get((self._canvas, "snapshots"))
        if item is None:
            return Catalogue()
        kept = (
            Kept(int(number), draft, int(chunks)) for number, draft, chunks in map(str.split, _texts(item, "kept"))
        )
        return Catalogue(number_of(item, "version"), tuple(kept), tuple(_texts(item, "rubbish")), mark_of(item))

    async def _write(self, catalogue: Catalogue) -> None:
        """Replace the version before this one; raises ConditionFailed where that is not what is there."""
        item: Item = {
            **key_item((self._canvas, "snapshots")),
            "version": {"N": str(catalogue.version)},
            "kept": {"L": [{"S": f"{one.number} {one.draft} {one.chunks}"} for one in catalogue.kept]},
            "rubbish": {"L": [{"S": draft} for draft in catalogue.rubbish]},
            "batch_number": {"N": str(catalogue.head.number)},
            "seq": {"N": str(catalogue.head.seq)},
        }
        previous: Item = {":before": {"N": str(catalogue.version - 1)}}
        try:
            await self._requests.put(item, "attribute_not_exists(pk) OR version = :before", previous)
        except ConditionFailed as there:
            if there.item != item:  # else an attempt whose answer was lost had succeeded
                raise


def _texts(item: Item, name: str) -> list[str]:
    return [entry["S"] for entry in item[name]["L"]]
