"""The protocol as TypeScript: `render_typescript()` is pure, `make gen` writes the file."""

from __future__ import annotations

import json
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

from pixels_core.canvas import canvas, geometry, palette
from pixels_core.errors import REASONS, ReasonCode
from pixels_core.protocol import binary_codec, messages
from pixels_core.protocol.close_codes import CloseCode
from pixels_core.serialization import wire_fields

_CONSTANTS: Final[dict[str, object]] = {
    "PROTOCOL_VERSION": messages.PROTOCOL_VERSION,
    "SUBPROTOCOL_JSON": messages.SUBPROTOCOL_JSON,
    "SUBPROTOCOL_BINARY": messages.SUBPROTOCOL_BINARY,
    "MAX_MESSAGE_BYTES": messages.MAX_MESSAGE_BYTES,
    "MAX_STROKE_PIXELS": messages.MAX_STROKE_PIXELS,
    "HEARTBEAT_INTERVAL_MS": messages.HEARTBEAT_INTERVAL_MS,
    "IDLE_TIMEOUT_MS": messages.IDLE_TIMEOUT_MS,
    "RETAINED_MS": messages.RETAINED_MS,
    "OPCODE_BULK_UPDATE": binary_codec.OPCODE_BULK_UPDATE,
    "OPCODE_STROKE": binary_codec.OPCODE_STROKE,
    "TOOLS": [tool.value for tool in binary_codec.TOOLS],
    "BACKGROUND": palette.BACKGROUND,
    "CURATED_COUNT": palette.CURATED_COUNT,
    "SAFE_FIRST": palette.SAFE_FIRST,
    "SAFE_LEVELS": list(palette.SAFE_LEVELS),
    "COLOR_COUNT": palette.COLOR_COUNT,
    "TILE_SIDE": canvas.TILE_SIDE,
    "DEFAULT_WIDTH": geometry.DEFAULT_WIDTH,
    "DEFAULT_HEIGHT": geometry.DEFAULT_HEIGHT,
    "CURATED": [{"hex": swatch.hex, "name": swatch.name} for swatch in palette.CURATED],
    "REASONS": {code.value: text for code, text in REASONS.items()},
    "CLOSE_CODES": {code.name: int(code) for code in CloseCode},
}

_SCALARS: Final = {int: "number", float: "number", str: "string", bool: "boolean"}


def render_typescript() -> str:
    """Return the whole file: constants, enums, message types and the two unions."""
    kinds = (*messages.CLIENT_MESSAGES, *messages.SERVER_MESSAGES)
    enums = (ReasonCode, messages.Mode, messages.Role, messages.Tool)
    parts = [
        "// Made by `make gen` from pixels_core/protocol. Do not edit: change the Python and run it again.\n",
        *(f"export const {name} = {_literal(value)} as const;\n" for name, value in _CONSTANTS.items()),
        *(f"export type {enum.__name__} = {_union(enum)};\n" for enum in enums),
        *(_interface(shared, None) for shared in messages.SHARED_TYPES),
        *(_interface(kind, kind.type) for kind in kinds),
        _alias("ClientMessage", messages.CLIENT_MESSAGES),
        _alias("ServerMessage", messages.SERVER_MESSAGES),
    ]
    return "\n".join(parts)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _union(enum: type[Enum]) -> str:
    return " | ".join(json.dumps(member.value) for member in enum)


def _alias(name: str, kinds: tuple[type, ...]) -> str:
    return f"export type {name} = {' | '.join(kind.__name__ for kind in kinds)};\n"


def _interface(kind: type, wire_type: str | None) -> str:
    summary = (kind.__doc__ or "").strip().splitlines()[0]
    lines = [f"/** {summary} */", f"export interface {kind.__name__} {{"]
    if wire_type is not None:
        lines.append(f"  readonly type: {json.dumps(wire_type)};")
    for _, wire, hint, _ in wire_fields(kind):
        optional = "?" if NoneType in get_args(hint) else ""
        lines.append(f"  readonly {wire}{optional}: {_typescript(hint)};")
    return "\n".join([*lines, "}\n"])


def _typescript(hint: Any) -> str:
    if hint in _SCALARS:
        return _SCALARS[hint]
    arguments = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return " | ".join(_typescript(option) for option in arguments if option is not NoneType)
    if get_origin(hint) is tuple:
        if arguments[-1] is Ellipsis:
            return f"readonly ({_typescript(arguments[0])})[]"
        return f"readonly [{', '.join(map(_typescript, arguments))}]"
    return str(hint.__name__)
