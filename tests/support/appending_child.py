"""A server's stand-in for the durability tests: appends batches to a SQLite log until it is killed.

`python -m tests.support.appending_child DIRECTORY` prints each batch's number after `append` has returned.
"""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.units import Seq
from tests.support.builders import IDENTITY, SMALL, T0, read_all


def nth_batch(number: int, first_seq: Seq) -> EventBatch:
    """Return the batch that the child appends as this number: always the same one."""
    dice = random.Random(number)
    events = tuple(
        PixelPlaced(first_seq + i, T0 + number, f"user-{dice.randrange(9)}", i, dice.randrange(SMALL.cells), i % 32)
        for i in range(dice.randint(1, 60))
    )
    return EventBatch(number, events)


async def append_for_ever(directory: Path) -> None:
    """Go on where the log ends."""
    store = await SqliteStore.open(directory, IDENTITY.canvas, IDENTITY.size, epoch=IDENTITY.epoch)
    batches = await read_all(store)
    number, seq = (batches[-1].number, batches[-1].last_seq) if batches else (0, 0)
    while True:
        batch = nth_batch(number + 1, seq + 1)
        await store.append(batch)
        number, seq = batch.number, batch.last_seq
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(append_for_ever(Path(sys.argv[1])))
