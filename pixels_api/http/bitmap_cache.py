"""The bitmap as it travels: consistent with its seq, compressed once for everybody who asks at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pixels_core.canvas.geometry import Size
from pixels_core.canvas.palette import Palette
from pixels_core.ports import CanvasHost
from pixels_core.rules.state import CanvasState
from pixels_core.units import Seq

from .compression import compress
from .negotiation import Encoding

_LEVELS = {Encoding.BROTLI: 5, Encoding.GZIP: 6}
"""Near the best size for a canvas in a few per cent of the time that the best takes."""


@dataclass(frozen=True, slots=True)
class EncodedBitmap:
    """A canvas held still: the bytes are the canvas after `seq`, `checksum` is theirs, `palette` was in force."""

    epoch: str
    seq: Seq
    checksum: int
    size: Size
    palette: Palette
    pixels: bytes

    @classmethod
    def of(cls, state: CanvasState) -> EncodedBitmap:
        """Copy a state; nothing can change it meanwhile, for there is no await in here."""
        return cls(
            epoch=state.identity.epoch,
            seq=state.seq,
            checksum=state.canvas.checksum,
            size=state.identity.size,
            palette=state.palette,
            pixels=bytes(state.canvas),
        )


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A snapshot in one encoding."""

    snapshot: EncodedBitmap
    encoding: Encoding
    body: bytes

    @property
    def etag(self) -> str:
        """The strong tag: another seq, other bytes or another encoding make another one."""
        return etag_of(self.snapshot, self.encoding)


def etag_of(head: EncodedBitmap | CanvasState, encoding: Encoding) -> str:
    """Return the tag that a canvas's bitmap has, without making the bitmap."""
    epoch, checksum = (
        (head.epoch, head.checksum)
        if isinstance(head, EncodedBitmap)
        else (head.identity.epoch, head.canvas.checksum)
    )
    suffix = "" if encoding is Encoding.IDENTITY else f"-{encoding}"
    return f'"{epoch}-{head.seq}-{checksum:08x}{suffix}"'


class BitmapCache:
    """Keeps the newest bitmap of a canvas in each encoding.

    Nobody gets a bitmap older than the request: clients keep the stream from the moment they ask, and an older bitmap
    would leave a gap. While one is being compressed, requests that came later wait and share the next one; so a crowd
    of any size on a busy canvas costs at most one compression at a time for each encoding.
    """

    def __init__(self, host: CanvasHost) -> None:
        self._host = host
        self._snapshot: EncodedBitmap | None = None
        self._done: dict[Encoding, Bitmap] = {}
        self._running: dict[Encoding, asyncio.Task[Bitmap]] = {}

    def snapshot(self) -> EncodedBitmap:
        """Return the canvas as it is now; those who ask between two changes share one copy."""
        state = self._host.state
        kept = self._snapshot
        if kept is None or (kept.epoch, kept.seq) != (state.identity.epoch, state.seq):
            kept = self._snapshot = EncodedBitmap.of(state)
        return kept

    async def bitmap(self, encoding: Encoding) -> Bitmap:
        """Return the bitmap at the seq of this moment or a later one."""
        asked = self.snapshot()
        if encoding is Encoding.IDENTITY:
            return Bitmap(asked, encoding, asked.pixels)
        done = self._done.get(encoding)
        if done and done.snapshot is asked:
            return done
        # Shielded: the others still want it when one client goes away.
        if running := self._running.get(encoding):
            bitmap = await asyncio.shield(running)
            if bitmap.snapshot.epoch == asked.epoch and bitmap.snapshot.seq >= asked.seq:
                return bitmap
        # Whatever runs now began after the question.
        return await asyncio.shield(self._running.get(encoding) or self._start(encoding))

    def _start(self, encoding: Encoding) -> asyncio.Task[Bitmap]:
        task = self._running[encoding] = asyncio.create_task(self._compress(encoding))
        return task

    async def _compress(self, encoding: Encoding) -> Bitmap:
        try:
            snapshot = self.snapshot()
            body = await asyncio.to_thread(compress, snapshot.pixels, encoding, _LEVELS[encoding])
            self._done[encoding] = done = Bitmap(snapshot, encoding, body)
            return done
        finally:
            del self._running[encoding]
