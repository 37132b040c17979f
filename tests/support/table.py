"""What DynamoDB holds, read past all of our own reading: one scan, item by item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.items import record_of
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.ports import PixelRecord
from pixels_core.rules.events import PixelPlaced
from pixels_core.units import Cell

if TYPE_CHECKING:
    from pixels_core.adapters.dynamodb.items import Item


@dataclass(frozen=True, slots=True)
class Reign:
    """Batches that one process wrote, one after the other."""

    writer: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Table:
    """One canvas's part of the table."""

    writers: dict[int, str]
    """Who wrote each batch; a writer is one start of one process."""
    records: dict[Cell, PixelRecord]

    @classmethod
    async def read(cls, settings: DynamoSettings, canvas: str = "main") -> Table:
        """Scan it."""
        writers, records = {}, {}
        for item in await _scan(settings):
            kind = item["pk"]["S"].removeprefix(f"{canvas}#").partition("#")[0]
            number = int(item["sk"]["S"]) if kind in ("log", "pixels") else 0
            if kind == "log" and "claim" not in item:  # a claim keeps the next number for one writer
                writers[number] = bytes(item["writer"]["B"]).hex()
            elif kind == "pixels":
                records[number] = record_of(item, number)
        return cls(dict(sorted(writers.items())), records)

    def reigns(self) -> list[Reign]:
        """Return who wrote the log, in its order."""
        grouped = (list(batches) for _, batches in groupby(self.writers.items(), key=lambda batch: batch[1]))
        return [Reign(batches[0][1], batches[0][0], batches[-1][0]) for batches in grouped]

    def check(self, pixels: Iterable[PixelPlaced], terms: int) -> None:
        """Assert that the log had one writer at a time and that the records say what the log's replay says.

        Were batches of two writers mixed, there would be more changes of writer than terms of leadership.
        """
        assert len(self.reigns()) <= terms, self.reigns()
        newest = {pixel.cell: pixel for pixel in pixels}
        replayed = {cell: PixelRecord(cell, p.color, p.time, p.user, p.seq) for cell, p in newest.items()}
        assert self.records == replayed, "the records differ from the log"


async def _scan(settings: DynamoSettings) -> list[Item]:
    found: list[Item] = []
    async with connected(settings) as client:
        async for page in client.get_paginator("scan").paginate(TableName=settings.table, ConsistentRead=True):
            found += page["Items"]
    return found
