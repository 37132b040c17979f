"""Bodies in JSON."""

from __future__ import annotations

import msgspec
import pytest

from pixels_api.schemas import LimitsEntry, NewSession, Problem, Schema
from pixels_core.errors import ReasonCode


def test_fields_travel_in_camel_case() -> None:
    entry = LimitsEntry(rate=1, burst=2, address_rate=3, address_burst=4)
    assert msgspec.to_builtins(entry) == {"rate": 1, "burst": 2, "addressRate": 3, "addressBurst": 4}


def test_all_of_them_are_frozen_and_explained() -> None:
    kinds = Schema.__subclasses__()
    assert len(kinds) > 10
    for kind in kinds:
        assert kind.__struct_config__.frozen
        assert kind.__doc__


def test_a_problem_says_when_to_come_back_only_where_it_knows() -> None:
    problem = Problem(title="t", status=429, detail="d", code=ReasonCode.RATE_LIMITED)
    assert "retryAfterMs" not in msgspec.to_builtins(problem)
    problem = msgspec.structs.replace(problem, retry_after_ms=5)
    assert msgspec.to_builtins(problem)["retryAfterMs"] == 5


def test_unknown_fields_are_ignored_and_wrong_types_are_not() -> None:
    assert msgspec.json.decode(b'{"name": "Ada", "new": 1}', type=NewSession).name == "Ada"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"name": 1}', type=NewSession)
