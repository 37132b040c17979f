from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.adapters.dynamodb.items import (
    HISTORY_KEPT,
    Mark,
    audit_bucket,
    audit_key,
    cell_attributes,
    cell_key,
    chunks,
    history_of,
    key_item,
    key_of,
    lock_key,
    log_key,
    mark_of,
    pack_history,
    sortable,
    unpack_history,
    user_key,
)
from pixels_core.errors import StoreCorrupt
from pixels_core.ports import PixelRecord
from tests.support.builders import T0

records = st.builds(
    PixelRecord,
    cell=st.just(7),
    color=st.integers(0, 247),
    time=st.integers(0, 2**48),
    user=st.text(max_size=40),
    seq=st.integers(1, 2**48),
)


@given(st.lists(records))
def test_history_survives_packing(placed: list[PixelRecord]) -> None:
    """[REC-1] What was packed is unpacked."""
    assert unpack_history(pack_history(placed), 7) == placed


@given(st.lists(records, min_size=1))
def test_a_cells_item_keeps_the_newest_sixteen(placed: list[PixelRecord]) -> None:
    """[REC-1] The item begins with the newest placement and keeps the last 16."""
    assert history_of(cell_attributes(placed), 7) == placed[:HISTORY_KEPT]


def test_a_full_item_costs_one_write_unit() -> None:
    placed = [PixelRecord(809_999, 247, T0, "u_" + "x" * 20, 10**9 - i) for i in range(40)]
    item = key_item(cell_key("c" * 32, 809_999)) | cell_attributes(placed)
    texts: list[Any] = [text for name, value in item.items() for text in (name, *value.values())]
    size = sum(map(len, texts))
    assert size < 1_024


@given(st.binary(max_size=60))
def test_damaged_history_is_reported(data: bytes) -> None:
    """[LOG-5] Any bytes are either history or StoreCorrupt."""
    with suppress(StoreCorrupt):
        unpack_history(data, 7)


def test_history_that_ends_too_early_is_reported() -> None:
    """[LOG-5] Half a name is no name."""
    with pytest.raises(StoreCorrupt):
        unpack_history(pack_history([PixelRecord(7, 1, T0, "ada", 1)])[:-1], 7)


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_the_order_of_keys_is_that_of_numbers(one: int, other: int) -> None:
    assert (sortable(one) < sortable(other)) == (one < other)


def test_batches_and_cells_share_partitions_in_small_groups() -> None:
    assert log_key("main", 255)[0] != log_key("main", 256)[0]
    assert len({log_key("main", number)[0] for number in range(256)}) == 1
    assert len({cell_key("main", cell)[0] for cell in range(810_000)}) == 3_165
    assert len({user_key("main", f"u_{i}")[0] for i in range(1_000)}) == 16


def test_acts_of_moderation_share_partitions_without_gaps() -> None:
    """[REC-5] However far apart their seqs are; within a partition they are in the order of their seqs."""
    assert {audit_key("main", number, number * 10_000)[0] for number in range(256)} == {audit_bucket("main", 0)}
    assert audit_key("main", 256, 5)[0] == audit_bucket("main", 1)
    assert audit_key("main", 0, 9)[1] < audit_key("main", 1, 10)[1]
    assert lock_key("main", "a")[0] == lock_key("main", "b")[0]


def test_keys_and_marks_are_read_as_written() -> None:
    assert key_of(key_item(("a", "b"))) == ("a", "b")
    assert mark_of(None) == Mark(0, 0)
    assert mark_of({"batch_number": {"N": "3"}, "seq": {"N": "9"}}) == Mark(3, 9)


@given(st.lists(st.integers()), st.integers(1, 10))
def test_chunks_add_up(values: list[int], size: int) -> None:
    parts = chunks(values, size)
    assert [value for part in parts for value in part] == values
    assert all(1 <= len(part) <= size for part in parts)
