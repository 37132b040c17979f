"""Messages as JSON objects: to and from what a JSON library reads and writes.

The codec works on Python objects (dict, list, str, …), so that each tier can bring its JSON library; `loads` and
`dumps` here use the standard one. Decoding is strict about known fields and silent about unknown ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.serialization import from_plain, to_plain
from pixels_core.units import MAX_SAFE_INTEGER

from .messages import (
    CLIENT_MESSAGES,
    MAX_MESSAGE_BYTES,
    SERVER_MESSAGES,
    ClientMessage,
    Message,
    ServerMessage,
)


def to_object(message: Message) -> dict[str, Any]:
    """Return the message as a JSON-ready dict."""
    return {"type": message.type, **to_plain(message)}


def request_id(value: object) -> int | None:
    """Return the `id` of a message that may be broken otherwise, or None."""
    candidate = value.get("id") if isinstance(value, Mapping) else None
    return candidate if type(candidate) is int and 0 <= candidate <= MAX_SAFE_INTEGER else None


def _from_object(kinds: Mapping[str, type], value: object) -> Any:
    if not isinstance(value, Mapping):
        raise ProtocolError("A message is a JSON object.")
    name = value.get("type")
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ProtocolError(code=ReasonCode.UNKNOWN_TYPE, request_id=request_id(value))
    try:
        return from_plain(kind, value)
    except ValueError as problem:
        raise ProtocolError(f"{name} {problem}.", request_id=request_id(value)) from None


_CLIENT_KINDS = {kind.type: kind for kind in CLIENT_MESSAGES}
_SERVER_KINDS = {kind.type: kind for kind in SERVER_MESSAGES}


def client_message(value: object) -> ClientMessage:
    """Read a client's message from a parsed JSON value; raises ProtocolError."""
    message = cast("ClientMessage", _from_object(_CLIENT_KINDS, value))
    identifier = getattr(message, "id", 0)
    if identifier < 0:
        raise ProtocolError("'id' must not be negative.")
    return message


def server_message(value: object) -> ServerMessage:
    """Read a server's message from a parsed JSON value; raises ProtocolError."""
    return cast("ServerMessage", _from_object(_SERVER_KINDS, value))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
"""Python's own reader takes NaN and Infinity; no other JSON reader does."""


def loads(data: str | bytes, *, limit: int | None = MAX_MESSAGE_BYTES) -> object:
    """Parse JSON (UTF-8) of at most `limit` bytes; raises ProtocolError `too_large` or `malformed`, nothing else."""
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    if limit is not None and len(raw) > limit:
        raise ProtocolError(f"A message has at most {limit} bytes.", ReasonCode.TOO_LARGE)
    try:
        return _DECODER.decode(raw.decode())
    except (ValueError, RecursionError):
        raise ProtocolError("The message is not JSON.") from None


def dumps(message: Message) -> str:
    """Write a message as compact JSON."""
    return json.dumps(to_object(message), separators=(",", ":"), ensure_ascii=False)
