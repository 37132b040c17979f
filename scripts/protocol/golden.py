"""Golden vectors: inputs and exact outputs that every implementation of the protocol must agree on.

pytest and vitest both read the file made from here, so that Python and TypeScript cannot drift apart.
"""

from __future__ import annotations

import random
from typing import Any

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size, line
from pixels_core.canvas.palette import Palette
from pixels_core.errors import ReasonCode
from pixels_core.protocol.binary_codec import encode_bulk_update, encode_stroke
from pixels_core.protocol.json_codec import to_object
from pixels_core.protocol.messages import (
    CanvasStateMessage,
    Heartbeat,
    HeartbeatReply,
    LimitsInfo,
    LockInfo,
    Mode,
    ModerationBan,
    ModerationLimits,
    ModerationLock,
    ModerationNotice,
    ModerationPalette,
    ModerationPause,
    ModerationRewind,
    ModerationUnlock,
    PixelAck,
    PixelBulkUpdate,
    PixelReject,
    PixelUpdate,
    Role,
    StrokeEnd,
    StrokeFrame,
    StrokeStart,
    SwatchInfo,
    Tool,
    You,
)

_SEED = 900
_SIZE = Size()


def golden_vectors() -> dict[str, Any]:
    """Return all vectors as JSON-ready values; the same at every call."""
    return {
        "clientMessages": [to_object(message) for message in _client_messages()],
        "serverMessages": [to_object(message) for message in _server_messages()],
        "bulkUpdates": [_bulk_vector(message) for message in _bulk_updates()],
        "brokenBulkUpdates": ["", "02", "01", "0180", "01010003", "010100010301", "01010001ff", "010000"],
        "strokes": [_stroke_vector(frame) for frame in _strokes()],
        "brokenStrokes": [
            "",
            "81",
            "8103000000000100",
            "810000000000",
            "81000000000000",
            "8100000000000100ff",
        ],
        "checksums": [_checksum_vector(count) for count in (0, 1, 2, 100)],
        "nearest": [_nearest_vector(rgb) for rgb in _colors()],
        "lines": [_line_vector(*ends) for ends in _line_ends()],
    }


def _palette() -> tuple[SwatchInfo, ...]:
    return tuple(SwatchInfo(hex=swatch.hex, name=swatch.name) for swatch in Palette().curated)


_LOCK = LockInfo(id="l1", x=10, y=20, width=30, height=40, by="u_mod", reason="logo")
_LIMITS = LimitsInfo(rate=20.0, burst=200, address_rate=100.0, address_burst=1000)


def _client_messages() -> list[Any]:
    return [
        PixelUpdate(id=1, x=0, y=0, color=5),
        PixelUpdate(id=2**53 - 1, x=899, y=899, color="#be0039", tool=Tool.ERASER, client_timestamp=1, stroke=7),
        StrokeStart(stroke=7, color=5),
        StrokeEnd(stroke=7),
        Heartbeat(t=1_700_000_000_000),
    ]


def _server_messages() -> list[Any]:
    said = {"by": "u_mod", "reason": "because"}
    return [
        CanvasStateMessage(
            canvas="main", epoch="e1", width=900, height=900, seq=42, checksum=0xFFFFFFFF, mode=Mode.LIVE,
            palette=_palette(), limits=_LIMITS, locks=(_LOCK,), paused=False,
            you=You(user="u_1", name="Ada", role=Role.PAINTER, tokens=199.5),
        ),
        PixelBulkUpdate(first=43, seq=44, pixels=((1, 2, 3), (4, 5, 6))),
        PixelAck(id=9, seq=44),
        PixelAck(id=(9, 10), seq=44),
        PixelReject(id=11, reason=ReasonCode.RATE_LIMITED, retry_after_ms=50, x=1, y=2, color=3),
        PixelReject(reason=ReasonCode.MALFORMED, message="The message is not JSON."),
        ModerationLock(seq=45, lock=_LOCK, **said),
        ModerationUnlock(seq=46, lock="l1", **said),
        ModerationRewind(seq=47, x=0, y=0, width=2, height=1, pixels=((0, 0, 0), (1, 0, 4)), **said),
        ModerationBan(seq=48, user="u_2", until=1_700_000_000_000, **said),
        ModerationPalette(seq=49, palette=_palette(), **said),
        ModerationLimits(seq=50, limits=_LIMITS, **said),
        ModerationPause(seq=51, paused=True, **said),
        ModerationNotice(seq=52, text="Back soon", **said),
        HeartbeatReply(t=1, server_time=2, seq=52, checksum=7, online=1000),
    ]  # fmt: skip


def _bulk_updates() -> list[PixelBulkUpdate]:
    rng = random.Random(_SEED)  # noqa: S311  # fixed on purpose
    scattered = {(rng.randrange(900), rng.randrange(900)): rng.randrange(248) for _ in range(20)}
    return [
        PixelBulkUpdate(first=1, seq=1, pixels=((0, 0, 1),)),
        PixelBulkUpdate(first=7, seq=7, pixels=()),
        PixelBulkUpdate(first=2**40, seq=2**40 + 299, pixels=((899, 899, 247),)),
        PixelBulkUpdate(first=5, seq=104, pixels=tuple((x, 450, 9) for x in range(400, 500))),
        PixelBulkUpdate(first=1000, seq=1099, pixels=tuple((300, y, 9) for y in range(100, 200))),
        PixelBulkUpdate(
            first=1,
            seq=20,
            pixels=tuple((x, y, c) for (x, y), c in sorted(scattered.items(), key=_row_major)),
        ),
    ]


def _row_major(item: tuple[tuple[int, int], int]) -> tuple[int, int]:
    (x, y), _ = item
    return y, x


def _bulk_vector(message: PixelBulkUpdate) -> dict[str, Any]:
    return {"message": to_object(message), "hex": encode_bulk_update(message, _SIZE).hex()}


def _strokes() -> list[StrokeFrame]:
    diagonal = tuple(_SIZE.cell(x, y) for x, y in line(10, 10, 60, 30))
    return [
        StrokeFrame(id=0, color=0, cells=(0,)),
        StrokeFrame(
            id=2**52,
            color=247,
            tool=Tool.ERASER,
            stroke=3,
            client_timestamp=1_700_000_000_000,
            cells=diagonal,
        ),
        StrokeFrame(id=5, color=1, tool=Tool.SCRIPT, cells=(809_999, 0, 809_999)),
    ]


def _stroke_vector(frame: StrokeFrame) -> dict[str, Any]:
    fields = {
        "id": frame.id, "color": frame.color, "tool": frame.tool.value, "stroke": frame.stroke,
        "clientTimestamp": frame.client_timestamp, "cells": list(frame.cells),
    }  # fmt: skip
    return {"frame": fields, "hex": encode_stroke(frame).hex()}


def _checksum_vector(count: int) -> dict[str, Any]:
    rng = random.Random(_SEED + count)  # noqa: S311
    canvas = Canvas(_SIZE)
    cells = [[rng.randrange(_SIZE.cells), rng.randrange(248)] for _ in range(count)]
    canvas.update((cell, color) for cell, color in cells)
    return {"cells": cells, "checksum": canvas.checksum}


def _colors() -> list[tuple[int, int, int]]:
    rng = random.Random(_SEED)  # noqa: S311
    corners = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (128, 128, 128), (1, 2, 3)]
    return corners + [(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(40)]


def _nearest_vector(rgb: tuple[int, int, int]) -> dict[str, Any]:
    palette = Palette()
    return {"rgb": list(rgb), "any": palette.nearest(rgb), "safe": palette.nearest_safe(rgb)}


def _line_ends() -> list[tuple[int, int, int, int]]:
    return [
        (0, 0, 0, 0),
        (0, 0, 5, 0),
        (5, 5, 5, 0),
        (0, 0, 7, 3),
        (7, 3, 0, 0),
        (2, 9, -4, 1),
        (0, 0, -3, -8),
    ]


def _line_vector(x0: int, y0: int, x1: int, y1: int) -> dict[str, Any]:
    return {"from": [x0, y0], "to": [x1, y1], "cells": [list(point) for point in line(x0, y0, x1, y1)]}
