from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import ProtocolError
from pixels_core.protocol.varint import append_varint, append_zigzag, read_varint, read_zigzag
from pixels_core.units import MAX_SAFE_INTEGER


@pytest.mark.parametrize(
    ("value", "data"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (2**53 - 1, "ffffffffffffff0f")],
)
def test_known_numbers(value: int, data: str) -> None:
    target = bytearray()
    append_varint(target, value)
    assert target.hex() == data
    assert read_varint(bytes(target), 0) == (value, len(target))


@pytest.mark.parametrize(("value", "data"), [(0, "00"), (-1, "01"), (1, "02"), (-64, "7f"), (64, "8001")])
def test_known_signed_numbers(value: int, data: str) -> None:
    target = bytearray()
    append_zigzag(target, value)
    assert target.hex() == data


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_numbers_follow_each_other(values: list[int]) -> None:
    target = bytearray()
    for value in values:
        append_varint(target, value)
    offset = 0
    for value in values:
        found, offset = read_varint(bytes(target), offset)
        assert found == value
    assert offset == len(target)


@given(st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER))
def test_signed_round_trip(value: int) -> None:
    target = bytearray()
    append_zigzag(target, value)
    assert read_zigzag(bytes(target), 0) == (value, len(target))


@given(st.integers(0, 2**63 - 1))
def test_every_cut_is_noticed(value: int) -> None:
    target = bytearray()
    append_varint(target, value)
    for length in range(len(target)):
        with pytest.raises(ProtocolError):
            read_varint(bytes(target[:length]), 0)


@given(st.binary(min_size=9))
def test_a_number_has_at_most_nine_bytes(tail: bytes) -> None:
    with pytest.raises(ProtocolError, match="too long"):
        read_varint(b"\x80" * 9 + tail, 0)


@given(st.binary(max_size=20), st.integers(0, 30))
def test_random_bytes_give_a_number_or_a_protocol_error(data: bytes, offset: int) -> None:
    for read in (read_varint, read_zigzag):
        try:
            value, after = read(data, offset)
        except ProtocolError:
            continue
        assert offset < after <= len(data)
        assert abs(value) < 2**63
