from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.protocol.json_codec import (
    client_message,
    dumps,
    loads,
    request_id,
    server_message,
    to_object,
)
from pixels_core.protocol.messages import (
    CLIENT_MESSAGES,
    MAX_MESSAGE_BYTES,
    SERVER_MESSAGES,
    ClientMessage,
    PixelReject,
    PixelUpdate,
    ServerMessage,
    Tool,
)
from pixels_core.units import MAX_SAFE_INTEGER
from tests.support.strategies import values_of
from tests.support.vectors import VECTORS

PLACE: dict[str, Any] = {"type": "pixel:update", "id": 7, "x": 1, "y": 2, "color": 3}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
TYPES = [kind.type for kind in (*CLIENT_MESSAGES, *SERVER_MESSAGES)]
FIELDS = ("id", "x", "y", "color", "tool", "t", "stroke", "seq", "first", "pixels", "reason", "lock", "you")
near_misses = st.fixed_dictionaries({"type": st.sampled_from(TYPES)}, optional=dict.fromkeys(FIELDS, json_values))


def refusal(value: object) -> ProtocolError:
    """Return the error with which a client's message is refused."""
    with pytest.raises(ProtocolError) as refused:
        client_message(value)
    return refused.value


@given(st.one_of([values_of(kind) for kind in CLIENT_MESSAGES]))
def test_client_messages_survive_the_wire(message: ClientMessage) -> None:
    assert client_message(loads(dumps(message), limit=None)) == message


@given(st.one_of([values_of(kind) for kind in SERVER_MESSAGES]))
def test_server_messages_survive_the_wire(message: ServerMessage) -> None:
    assert server_message(loads(dumps(message), limit=None)) == message


@pytest.mark.parametrize("vector", VECTORS["clientMessages"], ids=lambda vector: vector["type"])
def test_golden_client_messages(vector: dict[str, Any]) -> None:
    assert json.loads(dumps(client_message(vector))) == vector


@pytest.mark.parametrize("vector", VECTORS["serverMessages"], ids=lambda vector: vector["type"])
def test_golden_server_messages(vector: dict[str, Any]) -> None:
    assert json.loads(dumps(server_message(vector))) == vector


def test_names_are_camel_case_and_none_is_left_out() -> None:
    assert to_object(PixelReject(id=1, reason=ReasonCode.RATE_LIMITED, retry_after_ms=50)) == {
        "type": "pixel:reject",
        "id": 1,
        "reason": "rate_limited",
        "retryAfterMs": 50,
    }


def test_unknown_fields_are_ignored() -> None:
    assert client_message({**PLACE, "mood": {"deep": [1]}, "seq": "x"}) == PixelUpdate(id=7, x=1, y=2, color=3)


@pytest.mark.parametrize("kind", [None, 5, True, [], {}, "", "pixel:bulk_update", "PIXEL:UPDATE", "pixel:update "])
def test_unknown_types_are_refused_with_the_id(kind: object) -> None:
    error = refusal({**PLACE, "type": kind})
    assert (error.code, error.request_id) == (ReasonCode.UNKNOWN_TYPE, 7)


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "pixel:update", [], [PLACE], float("nan")])
def test_a_message_is_an_object(value: object) -> None:
    assert refusal(value).code is ReasonCode.MALFORMED


@pytest.mark.parametrize("field", ["x", "y", "clientTimestamp", "stroke"])
@pytest.mark.parametrize(
    "value", [True, False, 1.0, 0.5, "1", [1], {}, float("nan"), float("inf"), 2**53, -(2**53), 10**400]
)
def test_whole_numbers_are_whole_numbers(field: str, value: object) -> None:
    error = refusal({**PLACE, field: value})
    assert (error.code, error.request_id) == (ReasonCode.MALFORMED, 7)
    assert repr(field) in str(error)


@pytest.mark.parametrize("value", [True, 1.0, [], {}, 2**53, "x" * 4097])
def test_a_colour_is_a_slot_or_a_string(value: object) -> None:
    assert refusal({**PLACE, "color": value}).code is ReasonCode.MALFORMED


@pytest.mark.parametrize("value", ["", "Brush", "spray", 0, True, ["brush"], {}])
def test_a_tool_is_one_of_the_tools(value: object) -> None:
    assert "brush, eraser, script" in str(refusal({**PLACE, "tool": value}))


@pytest.mark.parametrize("field", ["id", "x", "y", "color"])
@pytest.mark.parametrize("how", ["missing", "null"])
def test_needed_fields_are_needed(field: str, how: str) -> None:
    broken = {**PLACE, field: None}
    if how == "missing":
        del broken[field]
    assert f"needs the field {field!r}" in str(refusal(broken))


def test_null_means_not_said() -> None:
    assert client_message({**PLACE, "tool": None, "stroke": None}) == PixelUpdate(
        id=7, x=1, y=2, color=3, tool=Tool.BRUSH
    )


@pytest.mark.parametrize("value", [-1, True, 1.0, "7", None, [7], 2**53, float("nan")])
def test_an_unreadable_id_is_not_repeated(value: object) -> None:
    assert refusal({**PLACE, "id": value}).request_id is None
    assert request_id({"id": value}) is None


@pytest.mark.parametrize("value", [0, 7, MAX_SAFE_INTEGER])
def test_a_readable_id_is_found_in_a_broken_message(value: int) -> None:
    assert refusal({**PLACE, "id": value, "x": "?"}).request_id == value


def test_a_refusal_is_one_short_sentence() -> None:
    assert str(refusal({**PLACE, "x": "y" * 4000})) == "pixel:update 'x' must be a whole number within ±(2^53 - 1)."


@given(json_values | near_misses)
def test_any_value_is_a_message_or_a_protocol_error(value: object) -> None:
    """[WIRE-3] Whatever the value."""
    for read in (client_message, server_message):
        try:
            message = read(value)
        except ProtocolError:
            continue
        assert read(json.loads(dumps(message))) == message


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", "}", "nul", "{'a':1}", '{"a":1}x', '{"a":1}{"a":1}', "[1,]", '"\n"', "NaN", "Infinity",
        "-Infinity", '{"t":NaN}', "[Infinity]", "01", "+1", "\ufeff{}", "\ud800", b"\xff", b"\xc3(", b"\x00",
        b"\xff\xfe{\x00}\x00", "[" * 4096, '{"a":' * 800, "9" * 4095 + "e",
    ],
    ids=lambda text: repr(text)[:24],
)  # fmt: skip
def test_what_is_not_json_is_malformed(text: str | bytes) -> None:
    with pytest.raises(ProtocolError) as refused:
        loads(text)
    assert refused.value.code is ReasonCode.MALFORMED


def test_deep_nesting_is_refused_even_without_a_limit() -> None:
    with pytest.raises(ProtocolError):
        loads("[" * 1_000_000, limit=None)


def test_a_number_of_many_digits_is_refused() -> None:
    with pytest.raises(ProtocolError):
        client_message(loads('{"type":"heartbeat","t":' + "9" * 4000 + "}"))


@pytest.mark.parametrize("character", ["x", "é", "🎨"])
def test_the_limit_counts_bytes(character: str) -> None:
    width = len(character.encode())
    longest = '"' + character * ((MAX_MESSAGE_BYTES - 2) // width) + '"'
    assert loads(longest) == longest[1:-1]
    for data in (longest[:-1] + character + '"', (longest[:-1] + character + '"').encode()):
        with pytest.raises(ProtocolError) as refused:
            loads(data)
        assert refused.value.code is ReasonCode.TOO_LARGE
    assert loads(longest[:-1] + character + '"', limit=None)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_random_data_are_json_or_a_protocol_error(data: str | bytes) -> None:
    """[WIRE-3] Whatever the bytes."""
    try:
        value = loads(data)
    except ProtocolError:
        return
    assert json.loads(json.dumps(value)) == value
