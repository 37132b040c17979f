"""Hypothesis strategies for messages: any value that may travel, made from the dataclasses' own types."""

from __future__ import annotations

from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pixels_core.serialization import wire_fields
from pixels_core.units import MAX_SAFE_INTEGER

_SCALARS: dict[Any, SearchStrategy[Any]] = {
    int: st.integers(0, MAX_SAFE_INTEGER),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=30),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values_of(hint: Any) -> SearchStrategy[Any]:
    """Return a strategy for a type that messages use: a scalar, an enum, a tuple, a union or a dataclass."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(values_of, arguments))
    if get_origin(hint) is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(values_of(arguments[0]), max_size=5).map(tuple)
        return st.tuples(*map(values_of, arguments))
    if is_dataclass(hint):
        kind: Any = hint
        return st.builds(kind, **{name: values_of(part) for name, _, part, _ in wire_fields(kind)})
    return st.sampled_from(hint)
