from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.rules.events import MODERATION_EVENTS, ModerationEvent
from pixels_core.serialization import camel, from_plain, to_plain
from pixels_core.units import MAX_SAFE_INTEGER
from tests.support.builders import one_of_each


class Mood(StrEnum):
    CALM = "calm"
    LOUD = "loud"


@dataclass(frozen=True)
class Inner:
    a_number: int


@dataclass(frozen=True)
class Sample:
    number: int = 0
    ratio: float = 0.0
    text: str = ""
    flag: bool = False
    mood: Mood = Mood.CALM
    maybe: str | None = None
    either: int | str = 0
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    pair: tuple[int, str] = (0, "")


FULL = Sample(
    1, 0.5, "é", flag=True, mood=Mood.LOUD, maybe="x", either="y", inner=Inner(2), many=(Inner(3),), pair=(4, "z")
)


def test_names_travel_in_camel_case() -> None:
    assert [camel(name) for name in ("x", "retry_after_ms")] == ["x", "retryAfterMs"]
    assert to_plain(Inner(2)) == {"aNumber": 2}


@pytest.mark.parametrize("value", [FULL, Sample()])
def test_there_and_back_through_json(value: Sample) -> None:
    assert from_plain(Sample, json.loads(json.dumps(to_plain(value)))) == value


def test_none_is_left_out_and_null_means_absent() -> None:
    assert "maybe" not in to_plain(Sample())
    assert from_plain(Sample, {"maybe": None, "number": None}) == Sample()


def test_unknown_fields_are_ignored() -> None:
    assert from_plain(Inner, {"aNumber": 1, "added": "later"}) == Inner(1)


def test_a_whole_number_will_do_as_a_ratio() -> None:
    ratio = from_plain(Sample, {"ratio": 3}).ratio
    assert (ratio, type(ratio)) == (3.0, float)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "1", "'number' must be a whole number"),
        ("number", True, "'number' must be a whole number"),
        ("number", 1.0, "'number' must be a whole number"),
        ("number", MAX_SAFE_INTEGER + 1, "'number' must be a whole number"),
        ("ratio", "1", "'ratio' must be a finite number"),
        ("ratio", float("nan"), "'ratio' must be a finite number"),
        ("ratio", float("-inf"), "'ratio' must be a finite number"),
        ("text", 1, "'text' must be a string"),
        ("text", "x" * 4097, "'text' must be a string of at most 4096"),
        ("flag", 1, "'flag' must be true or false"),
        ("mood", "angry", "'mood' must be one of calm, loud"),
        ("mood", ["calm"], "'mood' must be one of calm, loud"),
        ("maybe", 1, "'maybe' must be a string"),
        ("either", 1.5, "'either' must be a whole number .* or must be a string"),
        ("inner", 1, "'inner' must be an object"),
        ("inner", {}, "'inner' needs the field 'aNumber'"),
        ("many", {}, "'many' must be a list"),
        ("many", [{"aNumber": 1}, {"aNumber": "2"}], "'many' 'aNumber' must be a whole number"),
        ("pair", [1], "'pair' must be a list of 2"),
        ("pair", [1, 2], "'pair' must be a string"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        from_plain(Sample, {field: value})


@pytest.mark.parametrize("value", [None, 1, "x", [], [("aNumber", 1)]])
def test_only_an_object_is_an_object(value: object) -> None:
    with pytest.raises(ValueError, match="must be an object"):
        from_plain(Inner, value)


@pytest.mark.parametrize("event", [event for event in one_of_each() if isinstance(event, ModerationEvent)])
def test_every_moderation_event_travels(event: ModerationEvent) -> None:
    assert type(event) in MODERATION_EVENTS
    assert from_plain(type(event), json.loads(json.dumps(to_plain(event)))) == event


@given(text=st.text(), flag=st.booleans(), number=st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER))
def test_scalars_come_back_as_they_were(text: str, flag: bool, number: int) -> None:
    value = Sample(number, text=text, flag=flag)
    assert from_plain(Sample, json.loads(json.dumps(to_plain(value)))) == value
