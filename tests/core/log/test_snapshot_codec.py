from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import StoreCorrupt
from pixels_core.log.snapshot_codec import capture, pack_snapshot, peek_locks, peek_snapshot, unpack_snapshot
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import DEFAULT_LIMITS, CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import (
    IDENTITY,
    make_lock,
    make_state,
    make_unlock,
    one_of_each,
    random_history,
)


def full_state() -> CanvasState:
    """Return a state in which nothing has its first value."""
    state = make_state(3)
    state.apply_batch(EventBatch(4, one_of_each(seq=4)))
    return state


PACKED = pack_snapshot(full_state())


@given(st.integers(0, 2**32))
def test_there_and_back(seed: int) -> None:
    """[LOG-3] A restored state packs to the same bytes."""
    state = random_history(seed, count=40).state
    data = pack_snapshot(state)
    restored = unpack_snapshot(data)
    assert pack_snapshot(restored) == data
    assert restored.identity == state.identity
    assert (restored.seq, restored.batch_number, restored.time) == (state.seq, state.batch_number, state.time)
    assert restored.canvas == state.canvas
    assert restored.canvas.checksum == state.canvas.checksum
    assert (restored.bans, restored.palette, restored.notice) == (state.bans, state.palette, state.notice)


def test_locks_are_read_without_the_bitmap() -> None:
    """[LOG-4] And not at all where the snapshot is damaged."""
    state = make_state()
    state.apply_batch(EventBatch(1, (make_lock(1, "b"), make_lock(2, "a"), make_lock(3, "c"), make_unlock(4, "c"))))
    assert peek_locks(pack_snapshot(state)) == (make_lock(2, "a").lock, make_lock(1, "b").lock)
    assert peek_locks(PACKED) == ()
    with pytest.raises(StoreCorrupt):
        peek_locks(PACKED[:-1])


def test_a_restored_state_goes_on() -> None:
    history = random_history(1)
    state = CanvasState(IDENTITY)
    for batch in history.batches[:5]:
        state.apply_batch(batch)
    restored = unpack_snapshot(pack_snapshot(state))
    for batch in history.batches[5:]:
        restored.apply_batch(batch)
    assert pack_snapshot(restored) == pack_snapshot(history.state)


def test_the_order_in_which_things_came_does_not_matter() -> None:
    """[LOG-3] Equal states give equal bytes."""
    one, other = make_state(), make_state()
    one.bans = {"a": None, "b": 5}
    other.bans = {"b": 5, "a": None}
    assert pack_snapshot(one) == pack_snapshot(other)


def test_a_peek_tells_whose_it_is() -> None:
    assert peek_snapshot(PACKED) == (IDENTITY, 4)
    for harmed in (b"", PACKED[:-1], rewritten(lambda header: header.update(width=0))):
        with pytest.raises(StoreCorrupt):
            peek_snapshot(harmed)


def test_a_capture_is_held_still() -> None:
    state = make_state(3)
    held, data = capture(state), pack_snapshot(state)
    state.apply_batch(EventBatch(4, one_of_each(seq=4)))
    assert held.pack() == data


def test_default_limits_are_the_hosts_and_chosen_ones_the_logs() -> None:
    host = Limits(RateLimit(1, 5), RateLimit(10, 50))
    assert unpack_snapshot(pack_snapshot(make_state(1))).limits == DEFAULT_LIMITS
    assert unpack_snapshot(pack_snapshot(make_state(1)), host).limits == host
    assert unpack_snapshot(PACKED, host).limits == full_state().limits


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_any_changed_byte_is_reported(index: int, change: int) -> None:
    """[LOG-4] A damaged snapshot is never taken for a good one."""
    harmed = bytearray(PACKED)
    harmed[index] ^= change
    with pytest.raises(StoreCorrupt):
        unpack_snapshot(bytes(harmed))


@given(st.integers(0, len(PACKED) - 1))
def test_any_truncation_is_reported(length: int) -> None:
    """[LOG-4] Nor is half of one."""
    with pytest.raises(StoreCorrupt):
        unpack_snapshot(PACKED[:length])


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_reported(body: bytes) -> None:
    data = b"PXS1" + body
    for candidate in (body, data, data + hashlib.sha256(data).digest()):
        with pytest.raises(StoreCorrupt):
            unpack_snapshot(candidate)


def rewritten(change: Callable[[dict[str, Any]], object], pixels: bytes | None = None) -> bytes:
    """Return the packed snapshot with another header or bitmap, under a right hash."""
    end = 8 + int.from_bytes(PACKED[4:8], "big")
    header = json.loads(PACKED[8:end])
    change(header)
    text = json.dumps(header).encode()
    bitmap = PACKED[end:-32] if pixels is None else zlib.compress(pixels)
    body = b"PXS1" + len(text).to_bytes(4, "big") + text + bitmap
    return body + hashlib.sha256(body).digest()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(rewritten(lambda header: header.pop("seq")), id="missing field"),
        pytest.param(rewritten(lambda header: header.update(width=0)), id="no size"),
        pytest.param(rewritten(lambda header: header.update(width=5)), id="another size"),
        pytest.param(rewritten(lambda header: header.update(checksum=1)), id="another checksum"),
        pytest.param(rewritten(lambda header: header.update(palette=[])), id="no palette"),
        pytest.param(rewritten(lambda _: None, pixels=bytes(3)), id="short bitmap"),
        pytest.param(rewritten(lambda _: None, pixels=bytes(IDENTITY.size.cells)), id="another bitmap"),
    ],
)
def test_nonsense_under_a_right_hash_is_reported(data: bytes) -> None:
    with pytest.raises(StoreCorrupt):
        unpack_snapshot(data)


def test_the_rewritten_snapshot_is_right_but_for_its_fault() -> None:
    assert pack_snapshot(unpack_snapshot(rewritten(lambda _: None))) == PACKED
