"""Lists in the environment."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from pydantic import TypeAdapter, ValidationError

from pixels_core.adapters.hosting.setting_types import NetworkList, TextList


@pytest.mark.parametrize("written", ["a, b", '["a", "b"]', ["a", "b"], "a,,b,"])
def test_a_list_is_written_with_commas_or_as_json(written: object) -> None:
    assert TypeAdapter(TextList).validate_python(written) == ("a", "b")


def test_nothing_is_an_empty_list() -> None:
    assert TypeAdapter(TextList).validate_python("") == ()


def test_networks_are_read_and_single_addresses_too() -> None:
    read = TypeAdapter(NetworkList).validate_python("10.0.0.0/8, fd00::1")
    assert read == (ip_network("10.0.0.0/8"), ip_network("fd00::1/128"))


@pytest.mark.parametrize("wrong", ["10.0.0.0/99", "proxy.example", "[1, "])
def test_what_is_no_network_is_named(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(NetworkList).validate_python(wrong)
