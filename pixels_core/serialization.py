"""Dataclasses to and from plain values (dict, list, str, number), as JSON has them.

One converter for wire messages, logged moderation events and snapshots. Field names travel in camelCase; None is left
out. Decoding checks every known field strictly and ignores unknown ones, so that a newer writer can add some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from .units import MAX_SAFE_INTEGER

T = TypeVar("T")

Check = Callable[[Any], Any]
"""Returns the decoded value or raises ValueError with half a sentence: "must be …"."""

_REQUIRED = object()
_MAX_STRING = 4096


def camel(name: str) -> str:
    """Return the wire name of a field: `retry_after_ms` travels as `retryAfterMs`."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


_WIRE_FIELDS: dict[type, tuple[tuple[str, str, Any, Field[Any]], ...]] = {}


def wire_fields(kind: type[Any]) -> tuple[tuple[str, str, Any, Field[Any]], ...]:
    """Return (attribute, wire name, type, dataclass field) of a dataclass's fields, in order."""
    if kind not in _WIRE_FIELDS:
        hints = get_type_hints(kind)
        _WIRE_FIELDS[kind] = tuple(
            (field.name, camel(field.name), hints[field.name], field) for field in fields(kind)
        )
    return _WIRE_FIELDS[kind]


def to_plain(value: Any) -> Any:
    """Return a dataclass as a dict, a tuple of dataclasses as a list of dicts, anything else as it is."""
    if is_dataclass(value):
        pairs = ((wire, getattr(value, name)) for name, wire, _, _ in wire_fields(type(value)))
        return {wire: to_plain(item) for wire, item in pairs if item is not None}
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [to_plain(item) for item in value]
    return value


def _integer(value: Any) -> int:
    if type(value) is not int or not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        raise ValueError("must be a whole number within ±(2^53 - 1)")
    return value


def _number(value: Any) -> float:
    if type(value) is int:
        return float(_integer(value))
    if type(value) is not float or value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124
        raise ValueError("must be a finite number")
    return value


def _string(value: Any) -> str:
    if type(value) is not str or len(value) > _MAX_STRING:
        raise ValueError(f"must be a string of at most {_MAX_STRING} characters")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("must be true or false")
    return value


def _enum(kind: type[StrEnum]) -> Check:
    members = {member.value: member for member in kind}

    def check(value: Any) -> StrEnum:
        if type(value) is not str or value not in members:
            raise ValueError(f"must be one of {', '.join(members)}")
        return members[value]

    return check


def _sequence(item: Check) -> Check:
    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list")  # noqa: TRY004
        return tuple(map(item, value))

    return check


def _fixed(items: tuple[Check, ...]) -> Check:
    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(items):
            raise ValueError(f"must be a list of {len(items)}")
        return tuple(item(part) for item, part in zip(items, value, strict=True))

    return check


def _either(options: tuple[Check, ...]) -> Check:
    def check(value: Any) -> Any:
        problems = []
        for option in options:
            try:
                return option(value)
            except ValueError as problem:
                problems.append(str(problem))
        raise ValueError(" or ".join(problems))

    return check


_SCALARS: dict[Any, Check] = {int: _integer, float: _number, str: _string, bool: _boolean}


def _check_for(hint: Any) -> Check:
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        options = tuple(_check_for(option) for option in arguments if option is not NoneType)
        return options[0] if len(options) == 1 else _either(options)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return _sequence(_check_for(arguments[0]))
        return _fixed(tuple(_check_for(item) for item in arguments))
    if issubclass(hint, StrEnum):
        return _enum(hint)
    return lambda value: from_plain(hint, value)


_Plan = tuple[tuple[str, str, Check, Any], ...]
_PLANS: dict[type, _Plan] = {}


def _plan(kind: type[Any]) -> _Plan:
    """Return (attribute, wire name, check, default or _REQUIRED) for each field."""
    if kind not in _PLANS:
        _PLANS[kind] = tuple(
            (name, wire, _check_for(hint), _REQUIRED if field.default is MISSING else field.default)
            for name, wire, hint, field in wire_fields(kind)
        )
    return _PLANS[kind]


def from_plain(kind: type[T], value: object) -> T:
    """Read a dataclass from a plain value; raises ValueError with a sentence that names the field."""
    if not isinstance(value, Mapping):
        raise ValueError("must be an object")  # noqa: TRY004
    values = {}
    for name, wire, check, default in _plan(kind):
        item = value.get(wire)
        if item is None:
            if default is _REQUIRED:
                raise ValueError(f"needs the field {wire!r}")
            values[name] = default
            continue
        try:
            values[name] = check(item)
        except ValueError as problem:
            raise ValueError(f"{wire!r} {problem}") from None
    return kind(**values)
