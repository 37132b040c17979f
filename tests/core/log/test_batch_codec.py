from __future__ import annotations

import json
from dataclasses import replace
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import StoreCorrupt
from pixels_core.log.batch_codec import pack_batch, pack_moderation, unpack_batch, unpack_moderation
from pixels_core.rules.events import Event, EventBatch, ModerationEvent, PixelPlaced
from pixels_core.units import MAX_SAFE_INTEGER
from tests.support.builders import (
    T0,
    make_batch,
    make_lock,
    make_unlock,
    one_of_each,
    random_history,
)

SAMPLE = EventBatch(3, (*one_of_each(seq=9), PixelPlaced(17, T0 + 7, "bob", 1, 0, 0)))
PACKED = pack_batch(SAMPLE)

safe = st.integers(0, MAX_SAFE_INTEGER)


@st.composite
def batches(draw: st.DrawFn) -> EventBatch:
    """Draw a batch of consecutive events whose times never step back."""
    users = draw(st.lists(st.text(max_size=20), min_size=1, max_size=4))
    seq = draw(st.integers(1, MAX_SAFE_INTEGER - 20))
    time = draw(st.integers(0, 2**45))
    events: list[Event] = []
    for _ in range(draw(st.integers(1, 12))):
        time += draw(st.integers(0, 10_000))
        user = draw(st.sampled_from(users))
        if draw(st.booleans()):
            cell, color = draw(st.integers(0, 4096 * 4096 - 1)), draw(st.integers(0, 255))
            events.append(PixelPlaced(seq, time, user, draw(safe), cell, color))
        else:
            events.append(draw(_moderation(seq, time, user)))
        seq += 1
    return EventBatch(draw(st.integers(1, MAX_SAFE_INTEGER)), tuple(events))


def _moderation(seq: int, time: int, user: str) -> st.SearchStrategy[Event]:
    """Draw one of the sample's moderation events, moved to its place."""

    def moved(event: ModerationEvent, reason: str) -> Event:
        return replace(event, seq=seq, time=time, user=user, reason=reason)

    moderation = [event for event in one_of_each() if isinstance(event, ModerationEvent)]
    return st.builds(moved, st.sampled_from(moderation), st.text(max_size=30))


@given(batches())
def test_there_and_back(batch: EventBatch) -> None:
    assert unpack_batch(pack_batch(batch)) == batch


@pytest.mark.parametrize("seed", range(3))
def test_an_engines_batches_come_back(seed: int) -> None:
    batches = random_history(seed).batches
    assert [unpack_batch(pack_batch(batch)) for batch in batches] == batches


def test_a_single_act_of_moderation_there_and_back() -> None:
    """[REC-3] With the log's own packing and checksum."""
    for event in SAMPLE.moderation():
        assert unpack_moderation(pack_moderation(event)) == event


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(pack_moderation(make_lock(3))[:-1], id="cut short"),
        pytest.param(pack_batch(make_batch(1)), id="a placement"),
        pytest.param(pack_batch(EventBatch(1, (make_lock(1), make_unlock(2)))), id="two"),
        pytest.param(pack_batch(EventBatch(2, (make_lock(1),))), id="a batch of the log"),
    ],
)
def test_what_is_no_single_act_of_moderation_is_reported(data: bytes) -> None:
    """[LOG-5] Nothing else passes for one."""
    with pytest.raises(StoreCorrupt):
        unpack_moderation(data)


def test_equal_batches_give_equal_bytes() -> None:
    """[LOG-3] Nothing of the moment or the machine gets into them."""
    assert pack_batch(unpack_batch(PACKED)) == PACKED


def test_a_pixel_takes_about_ten_bytes() -> None:
    assert len(pack_batch(make_batch(1, count=1_000))) < 10_000


@given(st.integers(0, len(PACKED) * 8 - 1))
def test_any_flipped_bit_is_reported(bit: int) -> None:
    """[LOG-5] A damaged entry is reported, never applied."""
    harmed = bytearray(PACKED)
    harmed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(StoreCorrupt):
        unpack_batch(bytes(harmed))


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_any_changed_byte_is_reported(index: int, change: int) -> None:
    """[LOG-5] The checksum covers every byte, its own included."""
    harmed = bytearray(PACKED)
    harmed[index] ^= change
    with pytest.raises(StoreCorrupt):
        unpack_batch(bytes(harmed))


def test_any_truncation_is_reported() -> None:
    """[LOG-5] Half a write is no batch."""
    for length in range(len(PACKED)):
        with pytest.raises(StoreCorrupt):
            unpack_batch(PACKED[:length])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_under_a_right_checksum_are_reported_or_make_sense(body: bytes) -> None:
    """[LOG-5] Whatever stands there, no other error comes out."""
    data = b"PXB1" + body
    try:
        batch = unpack_batch(data + crc32(data).to_bytes(4, "big"))
    except StoreCorrupt:
        return
    assert batch.events


def sealed(body: bytes) -> bytes:
    data = b"PXB1" + body
    return data + crc32(data).to_bytes(4, "big")


def moderation(fields: object) -> bytes:
    """Return a sealed batch of one moderation event with any JSON."""
    text = json.dumps(fields).encode()
    return sealed(bytes([1, 1, 1, 1, 1, 97, 1, 1, 0, 0, len(text)]) + text)


LOCK = {"seq": 1, "time": 1, "user": "a", "reason": ""}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(moderation({"name": "dance", **LOCK}), id="unknown event"),
        pytest.param(moderation({"name": "pause", **LOCK}), id="missing field"),
        pytest.param(moderation({"name": "pause", **LOCK, "paused": 1}), id="wrong type"),
        pytest.param(moderation([1]), id="no object"),
        pytest.param(
            moderation({"name": "limits", **LOCK, "perUser": {"rate": 0, "burst": 1}, "perAddress": {}}),
            id="no limit",
        ),
        pytest.param(sealed(bytes([1, 1, 1, 1, 1, 97, 1, 2, 0, 0, 0])), id="unknown kind"),
        pytest.param(sealed(bytes([1, 1, 1, 1, 1, 97, 1, 0, 0, 0, 2, 2, 5, 99])), id="leftover"),
        pytest.param(sealed(bytes([1, 1, 1, 1, 1, 97, 0])), id="no event"),
        pytest.param(sealed(bytes([1, 1, 1, 1, 1, 97, 1, 0, 0, 7, 2, 2, 5])), id="unknown user"),
    ],
)
def test_nonsense_under_a_right_checksum_is_reported(data: bytes) -> None:
    """[LOG-5] A faulty writer is found out as well as a faulty disk."""
    with pytest.raises(StoreCorrupt, match="makes no sense"):
        unpack_batch(data)


def test_the_crafted_batch_is_right_but_for_its_fault() -> None:
    assert unpack_batch(moderation({"name": "pause", **LOCK, "paused": True})).number == 1
