"""Snapshots: a whole canvas state in one block of bytes, so that a start does not replay the log from its beginning.

Layout: "PXS1", length of the header (4 bytes, big-endian), header (JSON), bitmap (zlib), SHA-256 of all that.
A snapshot is only ever a shortcut: where one is damaged, an older one and a longer replay give the same state.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import Palette, Swatch
from pixels_core.errors import ClientFault, StoreCorrupt
from pixels_core.rules.locks import RegionLock, RegionLocks
from pixels_core.rules.state import CanvasIdentity, CanvasState, Limits
from pixels_core.serialization import from_plain, to_plain

_MAGIC = b"PXS1"
_DIGEST_BYTES = 32
_ZLIB_LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Ban:
    user: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    canvas: str
    epoch: str
    width: int
    height: int
    seq: int
    batch_number: int
    time: int
    checksum: int
    palette: tuple[Swatch, ...]
    locks: tuple[RegionLock, ...]
    bans: tuple[_Ban, ...]
    limits: Limits | None = None
    paused: bool
    notice: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A state held still: taken on the event loop in microseconds, packed wherever there is time."""

    header: _Header
    pixels: bytes

    def pack(self) -> bytes:
        """Return the snapshot's bytes; equal states give equal bytes."""
        text = json.dumps(to_plain(self.header), separators=(",", ":")).encode()
        body = _MAGIC + len(text).to_bytes(4, "big") + text + zlib.compress(self.pixels, _ZLIB_LEVEL)
        return body + hashlib.sha256(body).digest()


def capture(state: CanvasState) -> Capture:
    """Return a copy of the state that later changes do not touch."""
    identity = state.identity
    header = _Header(
        canvas=identity.canvas,
        epoch=identity.epoch,
        width=identity.size.width,
        height=identity.size.height,
        seq=state.seq,
        batch_number=state.batch_number,
        time=state.time,
        checksum=state.canvas.checksum,
        palette=state.palette.curated,
        locks=tuple(sorted(state.locks, key=lambda lock: lock.id)),
        bans=tuple(_Ban(user, until) for user, until in sorted(state.bans.items())),
        limits=state.chosen_limits,
        paused=state.paused,
        notice=state.notice,
    )
    return Capture(header, bytes(state.canvas))


def pack_snapshot(state: CanvasState) -> bytes:
    """Return the state as bytes; equal states give equal bytes."""
    return capture(state).pack()


def unpack_snapshot(data: bytes, default_limits: Limits | None = None) -> CanvasState:
    """Read a snapshot; raises StoreCorrupt for anything that `pack_snapshot` did not write."""
    header, bitmap = _open(data)
    try:
        return _restore(header, zlib.decompress(bitmap), default_limits)
    except (ValueError, zlib.error, ClientFault) as problem:
        raise StoreCorrupt(f"A snapshot makes no sense: {problem}") from problem


def peek_snapshot(data: bytes) -> tuple[CanvasIdentity, int]:
    """Return of which canvas and after which batch a snapshot is; raises StoreCorrupt where its hash fails.

    It leaves the bitmap packed: restoring one takes the interpreter 0.1 s, in which commits on other threads starve.
    """
    header, _ = _open(data)
    return CanvasIdentity(header.canvas, header.epoch, Size(header.width, header.height)), header.batch_number


def peek_locks(data: bytes) -> tuple[RegionLock, ...]:
    """Return the locks of a snapshot, leaving its bitmap packed; raises StoreCorrupt where its hash fails."""
    return _open(data)[0].locks


def _open(data: bytes) -> tuple[_Header, bytes]:
    body, digest = data[:-_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if not body.startswith(_MAGIC) or hashlib.sha256(body).digest() != digest:
        raise StoreCorrupt("A snapshot fails its hash.")
    end = 8 + int.from_bytes(body[4:8], "big")
    try:
        header = from_plain(_Header, json.loads(body[8:end]))
        Size(header.width, header.height)
    except (ValueError, ClientFault) as problem:
        raise StoreCorrupt(f"A snapshot makes no sense: {problem}") from problem
    return header, body[end:]


def _restore(header: _Header, pixels: bytes, default_limits: Limits | None) -> CanvasState:
    size = Size(header.width, header.height)
    canvas = Canvas(size, pixels)
    if canvas.checksum != header.checksum:
        raise StoreCorrupt("A snapshot's bitmap fails its checksum.")
    state = CanvasState(CanvasIdentity(header.canvas, header.epoch, size), default_limits, canvas)
    state.palette = Palette(header.palette)
    state.locks = RegionLocks(header.locks)
    state.bans = {ban.user: ban.until for ban in header.bans}
    state.chosen_limits = header.limits
    state.paused = header.paused
    state.notice = header.notice
    state.seq, state.batch_number, state.time = header.seq, header.batch_number, header.time
    return state
