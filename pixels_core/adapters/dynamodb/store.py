"""The store of a distributed canvas: one DynamoDB table, which many canvases can share.

The table's keys are `pk` and `sk`, both texts; numbers in `sk` are padded with zeros, so that they sort. What is
in it (`main` stands for the canvas's name, `…` for a number or an id):

=================== =================== ==========================================================================
`pk`                `sk`                item
=================== =================== ==========================================================================
main                identity            epoch, width, height; put once, under a condition
main                floor               batch_number, seq of the newest batch that was pruned; `deleted`: how far
                                        the items are gone too
main                snapshots           the catalogue: kept snapshots, rubbish, version; batch_number and seq of the
                                        head when the newest was saved: from there the head is looked for
main                projected           batch_number up to which all of the following is written; version of the
                                        program's records: where it is older, all is written again
main#log#…          batch's number      first_seq, seq (the last), time, payload (packed batch), writer, `expires`
                                        where the settings say so; 256 batches share a `pk`
main#log#…          the next number     claim: of the writer that may put this batch; seq (the last before it)
main#snapshot#…     chunk's number      data: up to 350,000 bytes of a snapshot
main#pixels#…       cell                color, time, user, seq of the newest placement; history: those before it,
                                        packed, 16 in all; 256 cells share a `pk`
main#users#…        u + user's id       name, placed (placements counted), seq (of the last one counted);
                                        16 `pk` for all users of a canvas
main                audit               seq up to which acts of moderation are written, count: how many
main#audit#…        seq                 time, user, kind, event (packed) of an act of moderation; 256 share a `pk`
main#locks          l + lock's id       seq, event (packed) that set it; or seq, user and time that it was `lifted`,
                                        then it deletes itself after 30 days
=================== =================== ==========================================================================

Only the log decides. `append` is one conditional put and returns when it is durable; records, users, audit and locks
follow behind (`RecordProjector`), and pruning leaves them. History keeps a cell's last 16 placements: they fit into
the write that the record costs anyhow.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from typing import Self

from pixels_core.canvas.geometry import Size
from pixels_core.errors import ClientFault, ConfigurationError, StoreCorrupt
from pixels_core.log.pruning import covered_by
from pixels_core.ports import AuditQuery, AuditRecord, LockRecord, PixelRecord, Totals
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasIdentity
from pixels_core.units import Cell, Milliseconds

from .connect import connected
from .items import key_item, number_of
from .log import DynamoLog
from .projector import RecordProjector
from .records import DynamoRecords
from .requests import ConditionFailed, DynamoRequests
from .settings import DynamoSettings
from .snapshots import DynamoSnapshots
from .table import check_table


class DynamoStore:
    """All ports of a store, for one canvas; make it with `open`.

    Every method raises StoreUnavailable where DynamoDB cannot be reached in the settings' total time, and
    ConfigurationError where the credentials or the table are at fault; it works again as soon as DynamoDB does.
    """

    def __init__(self, requests: DynamoRequests, identity: CanvasIdentity, settings: DynamoSettings) -> None:
        self._requests = requests
        self._identity = identity
        self._closing = AsyncExitStack()
        self.log = DynamoLog(requests, identity.canvas, settings.log_expiry_days)
        self._snapshots = DynamoSnapshots(requests, identity.canvas)
        self.records = DynamoRecords(requests, identity.canvas, settings.totals_seconds, self._snapshots)

    @classmethod
    async def open(
        cls, settings: DynamoSettings, canvas: str, size: Size | None, *, epoch: str | None = None
    ) -> Self:
        """Open a canvas, creating it where there is none; `epoch` is for a new one. `size` None: it has to exist.

        Raises:
            StoreUnavailable: DynamoDB cannot be reached.
            StoreCorrupt: what is there makes no sense.
            ConfigurationError: no table (run `pixels init`), wrong credentials, or a canvas of another size.
        """
        async with AsyncExitStack() as opening:
            requests = DynamoRequests(await opening.enter_async_context(connected(settings)), settings)
            await check_table(requests)
            store = cls(requests, await _identity(requests, canvas, size, epoch), settings)
            store._closing = opening.pop_all()
        return store

    @property
    def identity(self) -> CanvasIdentity:
        """Which canvas the log is of."""
        return self._identity

    def projector(self) -> RecordProjector:
        """Return what carries committed batches into the records; the host that commits runs it."""
        return RecordProjector(self, self.records)

    async def append(self, batch: EventBatch) -> None:
        """Make a batch durable; raises BatchConflict, and changes nothing, unless it is next."""
        await self.log.append(batch)

    async def fence(self, after: int) -> None:
        """Claim the number after `after`: appends that are still under way fail from now on."""
        await self.log.fence(after)

    async def read(self, after: int) -> AsyncIterator[EventBatch]:
        """Yield the batches above `after`, in order; raises StoreCorrupt at a damaged or missing one."""
        async for batch in self.log.read(after):
            yield batch

    async def number_before(self, time: Milliseconds) -> int:
        """Return the number of the newest batch older than `time`, or of the one before the oldest kept."""
        return await self.log.number_before(time)

    async def save_snapshot(self, batch_number: int, data: bytes) -> None:
        """Keep a snapshot; the two newest are kept."""
        await self._snapshots.save(batch_number, data, self.log.known_head)

    async def snapshots(self) -> list[bytes]:
        """Return the kept snapshots, the newest first."""
        return await self._snapshots.load()

    async def prune(self, before: Milliseconds) -> int:
        """Forget old batches that are projected and that the oldest kept snapshot covers; returns how many."""
        covered = covered_by(await self._snapshots.oldest(), self._identity)
        return await self.log.prune(min(covered, await self.records.checkpoint()), before)

    async def record(self, cell: Cell) -> PixelRecord | None:
        """Return the newest placement in a cell; it may trail the log by a moment."""
        return await self.records.record(cell)

    async def history(self, cell: Cell, limit: int) -> list[PixelRecord]:
        """Return the last placements in a cell, 16 at most, the newest first, as far back as the log is kept."""
        return await self.records.history(cell, limit)

    async def totals(self, top: int) -> Totals:
        """Return the counts; of equally active users the first in the order of their ids leads."""
        return await self.records.totals(top)

    async def audit(self, query: AuditQuery, limit: int) -> list[AuditRecord]:
        """Return what moderators did, the newest first; it may trail the log by a moment."""
        return await self.records.moderation.audit(query, limit)

    async def locks(self) -> list[LockRecord]:
        """Return the active locks, the oldest first; they may trail the log by a moment."""
        return await self.records.moderation.locks()

    async def remember(self, user: str, name: str | None) -> None:
        """Set or clear a user's display name."""
        await self.records.remember(user, name)

    async def names(self, users: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those users who have one."""
        return await self.records.names(users)

    async def close(self) -> None:
        """Let go of the connections; a second call does nothing."""
        self._requests.closed = True
        await self._closing.aclose()


async def _identity(requests: DynamoRequests, canvas: str, size: Size | None, epoch: str | None) -> CanvasIdentity:
    """Return the identity in the table; of processes that create it at the same time one decides."""
    key = canvas, "identity"
    item = await requests.get(key)
    if item is None:
        if size is None:
            raise ConfigurationError(
                f"There is no canvas {canvas!r} in the DynamoDB table {requests.table!r}. Start its sequencer first."
            )
        item = key_item(key)
        item |= {
            "epoch": {"S": epoch or secrets.token_hex(8)},
            "width": {"N": str(size.width)},
            "height": {"N": str(size.height)},
        }
        try:
            await requests.put(item, "attribute_not_exists(pk)")
        except ConditionFailed as there:
            item = there.item
    try:
        found = Size(number_of(item, "width"), number_of(item, "height"))
    except ClientFault as problem:
        raise StoreCorrupt(f"The size of canvas {canvas!r} in DynamoDB makes no sense: {problem}") from problem
    if size is not None and found != size:
        raise ConfigurationError(
            f"The canvas {canvas!r} in DynamoDB has {found.width} by {found.height} pixels; the settings ask for "
            f"{size.width} by {size.height}. The size is fixed when a canvas is created: restore the setting, or "
            "choose another name."
        )
    return CanvasIdentity(canvas, item["epoch"]["S"], found)
