"""What a data directory holds, read as any other program would read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.canvas.canvas import Canvas
from pixels_core.log.recovery import recover
from pixels_core.rules.events import PixelPlaced
from pixels_core.rules.state import CanvasIdentity
from tests.integration.clients import Follower


@dataclass(frozen=True, slots=True)
class Logged:
    """A log: its identity, its placements, and the canvas that recovery makes of it."""

    identity: CanvasIdentity
    placements: list[PixelPlaced]
    canvas: Canvas
    seq: int

    def check_itself(self) -> None:
        """The seqs are 1, 2, 3, …, and replaying every placement gives the recovered canvas."""
        assert [placed.seq for placed in self.placements] == list(range(1, self.seq + 1))
        replayed = Canvas(self.identity.size)
        for placed in self.placements:
            replayed.set(placed.cell, placed.color)
        assert replayed == self.canvas

    def check_promises_to(self, follower: Follower) -> None:
        """Everything acknowledged is there exactly once, as it was asked for; nothing refused is."""
        mine: dict[int, list[PixelPlaced]] = {}
        for placed in self.placements:
            if placed.user == follower.user:
                mine.setdefault(placed.request, []).append(placed)
        for request, ack_seq in follower.acks.items():
            (placed,) = mine[request]
            x, y, color = follower.asked[request]
            assert (placed.cell, placed.color) == (self.identity.size.cell(x, y), color)
            assert placed.seq <= ack_seq
        assert not set(follower.rejects) & set(mine)
        assert all(len(entries) == 1 for entries in mine.values())


async def read_log(data_dir: Path) -> Logged:
    """Read everything."""
    store = await SqliteStore.open_readonly(data_dir)
    try:
        batches = [batch async for batch in store.read(0)]
        recovered = await recover(store, batches[-1].time if batches else 0)
    finally:
        await store.close()
    pixels = [pixel for batch in batches for pixel in batch.pixels()]
    return Logged(store.identity, pixels, recovered.state.canvas, recovered.state.seq)
