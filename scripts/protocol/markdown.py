"""The protocol as a page for people: `render_markdown()` is pure, `make gen` writes `docs/messages.md`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

from pixels_core.errors import REASONS, ReasonCode
from pixels_core.protocol import messages
from pixels_core.protocol.close_codes import CloseCode, close_code
from pixels_core.protocol.fields import meaning_of
from pixels_core.serialization import wire_fields

_INTRODUCTION: Final = """\
# Messages

Every message on the socket with its fields, units and ranges; every reason code and close code. Written by `make gen`
from `pixels_core/protocol`: change the Python and run it again. [wire.md](wire.md) says how the messages are used.

A message is a JSON object with its `type`; fields that are missing have no value. A `?` marks fields that may be
missing. With `pixels.v1.bin`, bulk updates and strokes travel in binary frames instead, see
[`binary_codec.py`](../pixels_core/protocol/binary_codec.py).
"""
_LIMITS: Final = {
    "Largest client message": f"{messages.MAX_MESSAGE_BYTES:,} bytes",
    "Most pixels in one stroke frame": f"{messages.MAX_STROKE_PIXELS:,}",
    "Most cells in a catch-up; beyond, `reload`": f"{messages.MAX_CATCH_UP_CELLS:,}",
    "A client sends a heartbeat every": f"{messages.HEARTBEAT_INTERVAL_MS:,} ms",
    "A silent socket is closed after": f"{messages.IDLE_TIMEOUT_MS:,} ms",
    "The stream can be resumed, and a request id is remembered, for": f"{messages.RETAINED_MS:,} ms",
}
_SCALARS: Final = {int: "integer", float: "number", str: "text", bool: "boolean"}


def render_markdown() -> str:
    """Return the whole page."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield _INTRODUCTION
    yield from _table(("limit", "value"), _LIMITS.items())
    yield "## From the client\n"
    for kind in messages.CLIENT_MESSAGES:
        yield from _message(kind)
    yield "## From the server\n"
    for message in messages.SERVER_MESSAGES:
        yield from _message(message)
    yield "## Parts of messages\n"
    for shared in messages.SHARED_TYPES:
        yield from _section(shared, shared.__name__)
    yield "## Words\n"
    for enum in (messages.Mode, messages.Role, messages.Tool):
        words = ", ".join(f"`{member.value}`" for member in enum)
        yield f"**{enum.__name__}**: {words}. {_summary(enum)}\n"
    yield "## Reason codes\n"
    yield "In `pixel:reject`, in REST problems (`code`) and in refused handshakes.\n"
    closing = {code: close_code(code) for code in ReasonCode}
    rows = (
        (
            f"`{code.value}`",
            REASONS[code],
            "" if closing[code] is CloseCode.POLICY_VIOLATION else str(int(closing[code])),
        )
        for code in ReasonCode
    )
    yield from _table(("code", "meaning", "closes with"), rows)
    yield "## Close codes\n"
    yield "4000 to 4999 are this protocol's own, the others those of RFC 6455. Other reasons close with 1008.\n"
    yield from _table(("code", "name"), ((str(int(code)), code.name.lower().replace("_", " ")) for code in CloseCode))


def _message(kind: Any) -> Iterator[str]:
    yield from _section(kind, f"`{kind.type}`")


def _section(kind: type, title: str) -> Iterator[str]:
    yield f"### {title}\n"
    yield "\n".join(line.strip() for line in (kind.__doc__ or "").strip().splitlines()) + "\n"
    yield from _table(
        ("field", "type", "unit", "range", "meaning"), (_field(kind, *row) for row in wire_fields(kind))
    )


def _field(kind: type, name: str, wire: str, hint: Any, _field: Any) -> tuple[str, ...]:
    meaning = meaning_of(kind, name)
    optional = "?" if NoneType in get_args(hint) else ""
    return f"`{wire}`{optional}", _type(hint), meaning.unit, meaning.range, meaning.meaning


def _type(hint: Any) -> str:
    if hint in _SCALARS:
        return _SCALARS[hint]
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(_type(option) for option in arguments if option is not NoneType)
    if get_origin(hint) is tuple and arguments[-1] is Ellipsis:
        return f"list of {_type(arguments[0])}"
    if get_origin(hint) is tuple:
        return f"[{', '.join(map(_type, arguments))}]"
    return f"[{hint.__name__}](#{'words' if issubclass(hint, Enum) else hint.__name__.lower()})"


def _summary(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    yield "\n".join(lines) + "\n"
