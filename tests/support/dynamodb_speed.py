"""How fast the DynamoDB store is here: `python -m tests.support.dynamodb_speed [BATCHES] [PIXELS]`.

It appends batches of random pixels to a DynamoDB Local of its own, then projects them. Numbers of one run on one
machine compare with each other only.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time

from pixels.cluster.dynamodb_local import CREDENTIALS
from pixels_core.adapters.dynamodb.store import DynamoStore
from pixels_core.adapters.dynamodb.table import create_table
from pixels_core.canvas.geometry import Size
from pixels_core.log.batch_codec import pack_batch
from pixels_core.rules.events import EventBatch
from tests.support.builders import T0, make_pixel
from tests.support.dynamodb_local import dynamodb_local, local_settings

SIZE = Size(900, 900)
WARM_UP = 100


def batches_of(count: int, pixels: int) -> list[EventBatch]:
    """Return batches of random pixels by 200 users."""
    dice = random.Random(1)
    seqs = iter(range(1, count * pixels + 1))
    return [
        EventBatch(
            number,
            tuple(
                make_pixel(next(seqs), dice.randrange(SIZE.cells), user=f"u_{dice.randrange(200):08}", time=T0)
                for _ in range(pixels)
            ),
        )
        for number in range(1, count + 1)
    ]


async def measure(endpoint: str, count: int, pixels: int) -> None:
    """Append, project, read, and print what each took."""
    settings = local_settings(endpoint)
    await create_table(settings)
    store = await DynamoStore.open(settings, "main", SIZE)
    batches = batches_of(count + WARM_UP, pixels)
    taken = []
    for batch in batches:
        started = time.perf_counter()
        await store.append(batch)
        taken.append(time.perf_counter() - started)
    ranked = sorted(taken[WARM_UP:])
    size = sum(len(pack_batch(batch)) for batch in batches) / len(batches)
    say(f"append, {pixels} pixels ({size:.0f} bytes): p50 {_ms(ranked, 0.5)} ms, p95 {_ms(ranked, 0.95)} ms")
    projector = store.projector()
    started, worked = time.perf_counter(), time.process_time()
    task = asyncio.create_task(projector.run())
    for batch in batches:
        projector.offer(batch)
    await projector.settle()
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    placed = len(batches) * pixels
    say(f"project: {placed / seconds:.0f} pixels/s, {cpu / placed * 1e6:.0f} µs of our CPU each")
    task.cancel()
    started = time.perf_counter()
    read = len([batch async for batch in store.read(0)])
    say(f"read: {read / (time.perf_counter() - started):.0f} batches/s")
    started = time.perf_counter()
    await store.totals(10)
    say(f"totals over 200 users: {(time.perf_counter() - started) * 1e3:.1f} ms")
    await store.close()


def _ms(ranked: list[float], share: float) -> str:
    return f"{ranked[int(len(ranked) * share)] * 1e3:.1f}"


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    import os

    os.environ.update(CREDENTIALS)
    numbers = [int(argument) for argument in sys.argv[1:]] or [500, 20]
    with dynamodb_local() as address:
        asyncio.run(measure(address, *numbers))
