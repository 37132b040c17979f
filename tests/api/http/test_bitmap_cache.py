"""Many ask at once, one compression answers; nobody gets a canvas older than the question."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pixels_api.http import bitmap_cache
from pixels_api.http.bitmap_cache import Bitmap, BitmapCache, etag_of
from pixels_api.http.compression import compress
from pixels_api.http.negotiation import Encoding
from pixels_core.adapters.hosting.clock import ManualClock
from pixels_core.canvas.canvas import checksum_of
from tests.support.hosts import EngineHost


class SlowCompressor:
    """Counts compressions and holds each until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.started = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        monkeypatch.setattr(bitmap_cache, "compress", self._compress)

    def _compress(self, data: bytes, encoding: Encoding, level: int) -> bytes:
        self.calls += 1
        self.started.release()
        assert self.go.acquire(timeout=5)
        return compress(data, encoding, level)

    async def wait_until_started(self) -> None:
        assert await asyncio.to_thread(self.started.acquire, timeout=5)


@pytest.fixture
def host() -> EngineHost:
    return EngineHost(ManualClock(1_000))


async def test_a_crowd_costs_one_compression(host: EngineHost, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, cache = SlowCompressor(monkeypatch), BitmapCache(host)
    await host.place(1, 1, 5)
    crowd = [asyncio.create_task(cache.bitmap(Encoding.BROTLI)) for _ in range(1_000)]
    await slow.wait_until_started()
    slow.go.release()
    bitmaps = await asyncio.gather(*crowd)
    assert slow.calls == 1
    assert all(bitmap is bitmaps[0] for bitmap in bitmaps)


async def test_late_comers_wait_for_the_next_one(host: EngineHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """[API-1] A bitmap is never older than the request, and each of them is consistent."""
    slow, cache = SlowCompressor(monkeypatch), BitmapCache(host)
    early = asyncio.create_task(cache.bitmap(Encoding.GZIP))
    await slow.wait_until_started()
    seqs = [await host.place(x, 0, 7) for x in range(3)]
    late = [asyncio.create_task(cache.bitmap(Encoding.GZIP)) for _ in range(50)]
    await asyncio.sleep(0)
    slow.go.release(2)
    assert (await early).snapshot.seq == 0
    for bitmap in await asyncio.gather(*late):
        assert bitmap.snapshot.seq == seqs[-1]
        assert bitmap.snapshot.checksum == checksum_of(bitmap.snapshot.pixels)
    assert slow.calls == 2


async def test_one_who_leaves_takes_nothing_from_the_others(
    host: EngineHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, cache = SlowCompressor(monkeypatch), BitmapCache(host)
    leaves = asyncio.create_task(cache.bitmap(Encoding.GZIP))
    stays = asyncio.create_task(cache.bitmap(Encoding.GZIP))
    await slow.wait_until_started()
    leaves.cancel()
    await asyncio.sleep(0)
    slow.go.release()
    assert (await stays).body
    assert slow.calls == 1


async def test_a_failure_is_told_and_then_forgotten(host: EngineHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise MemoryError

    cache = BitmapCache(host)
    with monkeypatch.context() as patch:
        patch.setattr(bitmap_cache, "compress", fail)
        with pytest.raises(MemoryError):
            await cache.bitmap(Encoding.GZIP)
    assert (await cache.bitmap(Encoding.GZIP)).body


async def test_a_reloaded_log_drops_what_was_kept(host: EngineHost) -> None:
    """[API-1] After a change of logs the old one's bitmap is not served, however high its seq."""
    cache = BitmapCache(host)
    await host.place(1, 1, 5)
    assert (await cache.bitmap(Encoding.BROTLI)).snapshot.epoch == "e1"
    host.engine = EngineHost(ManualClock(1_000), epoch="e2").engine
    fresh = await cache.bitmap(Encoding.BROTLI)
    assert (fresh.snapshot.epoch, fresh.snapshot.seq) == ("e2", 0)


async def test_those_who_ask_between_two_changes_share_one_copy(host: EngineHost) -> None:
    cache = BitmapCache(host)
    first = cache.snapshot()
    assert cache.snapshot() is first
    await host.place(1, 1, 5)
    second = cache.snapshot()
    assert second is not first
    assert (first.seq, first.pixels) == (0, bytes(200))
    assert (second.seq, second.pixels) == (1, bytes(host.state.canvas))


async def test_the_tag_can_be_told_without_the_bitmap(host: EngineHost) -> None:
    """[API-2] The tag that decides about 304 is the tag of the answer."""
    await host.place(1, 1, 5)
    snapshot = BitmapCache(host).snapshot()
    for encoding in Encoding:
        assert etag_of(snapshot, encoding) == Bitmap(snapshot, encoding, b"").etag
    assert etag_of(snapshot, Encoding.IDENTITY) == f'"e1-1-{host.state.canvas.checksum:08x}"'
    assert etag_of(snapshot, Encoding.BROTLI).endswith('-br"')
