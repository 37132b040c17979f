from __future__ import annotations

import re

import pytest

from pixels_core.errors import REASONS, ReasonCode
from pixels_core.protocol.close_codes import CloseCode
from pixels_core.protocol.messages import (
    CLIENT_MESSAGES,
    SERVER_MESSAGES,
    SHARED_TYPES,
    Mode,
    Role,
    Tool,
)
from scripts.protocol.typescript import render_typescript

RENDERED = render_typescript()


def interface(name: str) -> str:
    """Return the body of an interface."""
    found = re.search(rf"export interface {name} \{{\n(.*?)\n\}}", RENDERED, re.DOTALL)
    assert found, f"there is no interface {name}"
    return found[1]


def test_it_is_the_same_every_time() -> None:
    assert render_typescript() == RENDERED
    assert RENDERED.startswith("// Made by `make gen`")
    assert RENDERED.endswith(";\n")


@pytest.mark.parametrize("kind", [*CLIENT_MESSAGES, *SERVER_MESSAGES], ids=lambda kind: kind.__name__)
def test_every_message_is_there_with_its_type(kind: type) -> None:
    assert interface(kind.__name__).startswith(f'  readonly type: "{getattr(kind, "type", None)}";')


@pytest.mark.parametrize("kind", SHARED_TYPES, ids=lambda kind: kind.__name__)
def test_shared_types_have_no_type_field(kind: type) -> None:
    assert "readonly type:" not in interface(kind.__name__)


def test_fields() -> None:
    assert interface("PixelReject").splitlines() == [
        '  readonly type: "pixel:reject";',
        "  readonly id?: number;",
        "  readonly reason: ReasonCode;",
        "  readonly message?: string;",
        "  readonly retryAfterMs?: number;",
        "  readonly x?: number;",
        "  readonly y?: number;",
        "  readonly color?: number;",
    ]
    assert "readonly color: number | string;" in interface("PixelUpdate")
    assert "readonly pixels: readonly (readonly [number, number, number])[];" in interface("PixelBulkUpdate")
    assert "readonly id: number | readonly (number)[];" in interface("PixelAck")
    assert "readonly locks: readonly (LockInfo)[];" in interface("CanvasStateMessage")
    assert "readonly paused: boolean;" in interface("ModerationPause")


@pytest.mark.parametrize("enum", [ReasonCode, Mode, Role, Tool], ids=lambda enum: enum.__name__)
def test_enums_are_unions(enum: type[ReasonCode | Mode | Role | Tool]) -> None:
    union = " | ".join(f'"{member.value}"' for member in enum)
    assert f"export type {enum.__name__} = {union};\n" in RENDERED


def test_unions_name_every_message() -> None:
    for name, kinds in (("ClientMessage", CLIENT_MESSAGES), ("ServerMessage", SERVER_MESSAGES)):
        assert f"export type {name} = {' | '.join(kind.__name__ for kind in kinds)};\n" in RENDERED


def test_constants() -> None:
    assert "export const COLOR_COUNT = 248 as const;\n" in RENDERED
    assert all(f'"{code.value}": "{text}"' in RENDERED for code, text in REASONS.items())
    assert all(f'"{code.name}": {int(code)}' in RENDERED for code in CloseCode)
