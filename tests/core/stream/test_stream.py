from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import CURATED, Palette, Swatch
from pixels_core.protocol.messages import (
    LimitsInfo,
    LockInfo,
    ModerationBan,
    ModerationLimits,
    ModerationLock,
    ModerationNotice,
    ModerationPalette,
    ModerationPause,
    ModerationUnlock,
    PixelBulkUpdate,
    SwatchInfo,
)
from pixels_core.rules.events import MODERATION_EVENTS, EventBatch
from pixels_core.rules.locks import RegionLock
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from pixels_core.stream.stream import (
    bulk_update,
    limits_info,
    lock_info,
    moderation_message,
    palette_info,
    stream_messages,
)
from pixels_core.sync.replica import first_seq
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    make_pixel,
    one_of_each,
    random_history,
)


@given(st.integers(0, 10_000))
def test_the_messages_of_a_batch_tile_its_seqs(seed: int) -> None:
    """[STR-1] In order, without gap or overlap; pixels that follow each other share a message."""
    for batch in random_history(seed, 80).batches:
        messages = stream_messages(batch, SMALL)
        assert first_seq(messages[0]) == batch.first_seq
        assert messages[-1].seq == batch.last_seq
        for earlier, later in pairwise(messages):
            assert first_seq(later) == earlier.seq + 1
            assert not (isinstance(earlier, PixelBulkUpdate) and isinstance(later, PixelBulkUpdate))


@given(st.integers(0, 10_000))
def test_a_frame_applies_at_every_seq_that_it_covers(seed: int) -> None:
    """[STR-4] From `first - 1` to `seq`; the result is the canvas at `seq`."""
    state = CanvasState(IDENTITY)
    canvases = {0: state.canvas.copy()}
    messages = []
    for batch in random_history(seed, 60).batches:
        messages += stream_messages(batch, SMALL)
        for event in batch.events:
            state.apply(event)
            canvases[event.seq] = state.canvas.copy()
    for message in messages:
        if isinstance(message, PixelBulkUpdate):
            for seq in range(message.first - 1, message.seq + 1):
                canvas = Canvas(SMALL, bytes(canvases[seq]))
                canvas.update((SMALL.cell(x, y), color) for x, y, color in message.pixels)
                assert canvas == canvases[message.seq]


def test_the_last_colour_of_a_cell_wins() -> None:
    """[STR-1] A cell is named once."""
    batch = EventBatch(1, (make_pixel(1, 17, 3), make_pixel(2, 5, 1), make_pixel(3, 17, 4)))
    assert stream_messages(batch, SMALL) == [PixelBulkUpdate(first=1, seq=3, pixels=((1, 1, 4), (5, 0, 1)))]


def test_every_kind_of_event_has_its_message() -> None:
    """[MOD-1] Moderation is part of the stream, with its seq, its author and its reason."""
    messages = stream_messages(EventBatch(1, one_of_each()), SMALL)
    assert [type(message) for message in messages] == [
        ModerationLock,
        ModerationBan,
        ModerationPalette,
        ModerationLimits,
        ModerationPause,
        ModerationNotice,
        ModerationUnlock,
        PixelBulkUpdate,
    ]
    assert len(messages) == len(MODERATION_EVENTS) + 1
    assert [message.seq for message in messages] == list(range(1, 9))
    assert {(message.by, message.reason) for message in messages if not isinstance(message, PixelBulkUpdate)} == {
        ("mod", "Ünïcode ✓")
    }


def test_what_the_messages_say() -> None:
    """[MOD-4] All that a client needs to show it."""
    lock, ban, palette, limits, pause, notice, unlock = map(moderation_message, one_of_each()[:7])  # type: ignore[arg-type]
    assert isinstance(lock, ModerationLock)
    assert lock.lock == LockInfo(id="l1", x=1, y=2, width=3, height=4, by="mod", reason="art")
    assert isinstance(ban, ModerationBan)
    assert (ban.user, ban.until) == ("eve", T0 + 60_000)
    assert isinstance(palette, ModerationPalette)
    assert palette.palette[0] == SwatchInfo(hex="#010203", name="Ink")
    assert len(palette.palette) == len(CURATED)
    assert isinstance(limits, ModerationLimits)
    assert limits.limits == LimitsInfo(rate=0.2, burst=6, address_rate=2.0, address_burst=60)
    assert isinstance(pause, ModerationPause)
    assert pause.paused
    assert isinstance(notice, ModerationNotice)
    assert notice.text == "Back soon"
    assert isinstance(unlock, ModerationUnlock)
    assert unlock.lock == "l1"


def test_the_parts_of_a_state() -> None:
    swatches = (Swatch("#010203", "Ink"), *CURATED[1:])
    assert palette_info(Palette(swatches))[0] == SwatchInfo(hex="#010203", name="Ink")
    assert limits_info(Limits(RateLimit(3, 1), RateLimit(4, 2))) == LimitsInfo(
        rate=3.0, burst=1, address_rate=4.0, address_burst=2
    )
    assert lock_info(RegionLock("l", Rect(1, 2, 3, 4), "mod")).height == 4
    assert bulk_update(4, 9, {0: 1, 191: 2}, SMALL).pixels == ((0, 0, 1), (15, 11, 2))
