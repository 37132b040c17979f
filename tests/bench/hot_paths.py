"""The hot paths of one process, each beside the least that any Python program must do for the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.log.batch_codec import pack_batch, unpack_batch
from pixels_core.protocol.binary_codec import decode_bulk_update, decode_stroke, encode_bulk_update, encode_stroke
from pixels_core.protocol.json_codec import client_message
from pixels_core.protocol.messages import Role, StrokeFrame
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.rules.state import CanvasIdentity, CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from pixels_core.stream.stream import bulk_update, stream_messages
from tests.bench.table import show

SIZE = Size()
PIXELS = 400
"""Pixels in a batch: 50 ms at 8,000 px/s, the highest published peak of a shared canvas."""
REPEATS = 7


@dataclass(frozen=True, slots=True)
class Measured:
    """One hot path: microseconds a pixel, and its floor's."""

    name: str
    ours: float
    floor_name: str
    floor: float

    def row(self) -> tuple[str, ...]:
        """Return the table row."""
        return self.name, f"{self.ours:.2f}", self.floor_name, f"{self.floor:.2f}", f"{self.ours / self.floor:.1f}"


def best(work: Callable[[], object], pixels: int = PIXELS) -> float:
    """Return microseconds a pixel of the fastest of several runs (the least disturbed one)."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) / pixels * 1e6


def _placements() -> list[tuple[int, int]]:
    rng = random.Random(1)
    return [(rng.randrange(SIZE.cells), rng.randrange(1, 248)) for _ in range(PIXELS)]


def run() -> None:
    """Measure and print all of them."""
    cells = _placements()
    batch = EventBatch(1, tuple(PixelPlaced(n, 1000, "u_1", n, cell, c) for n, (cell, c) in enumerate(cells, 1)))
    rows = [_decode_json(cells), _decode_stroke(), _decide(cells), _apply(cells), _pack(batch), _unpack(batch)]
    rows += [_encode_binary(batch), _encode_json(batch)]
    show(
        f"Hot paths, microseconds a pixel ({PIXELS} pixels, best of {REPEATS})",
        ("path", "ours", "floor", "µs", "ratio"),
        [row.row() for row in rows],
    )


def _decode_json(cells: list[tuple[int, int]]) -> Measured:
    texts = [
        orjson.dumps({"type": "pixel:update", "id": n, "x": cell % 900, "y": cell // 900, "color": color})
        for n, (cell, color) in enumerate(cells)
    ]
    ours = best(lambda: [client_message(orjson.loads(text)) for text in texts])
    return Measured(
        "decode pixel:update (JSON)", ours, "orjson.loads", best(lambda: [orjson.loads(t) for t in texts])
    )


def _decode_stroke() -> Measured:
    frame = encode_stroke(StrokeFrame(id=1, color=5, cells=tuple(range(200, 456))))
    return Measured(
        "decode stroke (binary)",
        best(lambda: decode_stroke(frame), 256),
        "list(bytes)",
        best(lambda: list(frame), 256),
    )


def _decide(cells: list[tuple[int, int]]) -> Measured:
    actor = Actor(user="u_1", role=Role.PAINTER, address="192.0.2.1")
    commands = [PlacePixel(actor, n, cell % 900, cell // 900, color) for n, (cell, color) in enumerate(cells)]
    limits = Limits(RateLimit(1e6, 1_000_000), RateLimit(1e6, 1_000_000))
    identity = CanvasIdentity("main", "bench", SIZE)
    engines = iter([Engine(CanvasState(identity, limits)) for _ in range(REPEATS)])

    def decide() -> None:
        engine = next(engines)
        for command in commands:
            engine.handle(command, 1000)

    return Measured("engine.handle (all rules)", best(decide), "bytearray write", _floor_write(cells))


def _apply(cells: list[tuple[int, int]]) -> Measured:
    canvas = Canvas(SIZE)
    return Measured("apply with checksum", best(lambda: canvas.update(cells)), "bytearray write", _floor_write(cells))


def _floor_write(cells: list[tuple[int, int]]) -> float:
    pixels = bytearray(SIZE.cells)

    def write() -> None:
        for cell, color in cells:
            pixels[cell] = color

    return best(write)


def _pack(batch: EventBatch) -> Measured:
    return Measured("pack batch (log)", best(lambda: pack_batch(batch)), "orjson.dumps", _floor_dumps(batch))


def _unpack(batch: EventBatch) -> Measured:
    packed, text = pack_batch(batch), orjson.dumps([tuple(event) for event in batch.pixels()])
    floor = best(lambda: orjson.loads(text))
    return Measured("unpack batch (log)", best(lambda: unpack_batch(packed)), "orjson.loads", floor)


def _floor_dumps(batch: EventBatch) -> float:
    rows = [tuple(event) for event in batch.pixels()]
    return best(lambda: orjson.dumps(rows))


def _encode_binary(batch: EventBatch) -> Measured:
    def encode() -> bytes:
        return encode_bulk_update(stream_messages(batch, SIZE)[0], SIZE)  # type: ignore[arg-type]  # pixels only

    frame = encode()
    decoded = best(lambda: decode_bulk_update(frame, SIZE))
    return Measured("encode bulk update (binary)", best(encode), "decoding it", decoded)


def _encode_json(batch: EventBatch) -> Measured:
    cells = {event.cell: event.color for event in batch.pixels()}
    message = bulk_update(1, PIXELS, cells, SIZE)
    pixels = [list(pixel) for pixel in message.pixels]
    ours = best(lambda: orjson.dumps({"pixels": bulk_update(1, PIXELS, cells, SIZE).pixels}))
    return Measured("encode bulk update (JSON)", ours, "orjson.dumps", best(lambda: orjson.dumps(pixels)))
