from __future__ import annotations

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.protocol import messages
from pixels_core.protocol.close_codes import CloseCode
from scripts.protocol.markdown import render_markdown

PAGE = render_markdown()


@pytest.mark.parametrize("kind", [*messages.CLIENT_MESSAGES, *messages.SERVER_MESSAGES])
def test_every_message_has_a_section(kind: type) -> None:
    assert f"### `{kind.type}`" in PAGE  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_code_is_there(code: ReasonCode) -> None:
    assert f"| `{code.value}` |" in PAGE


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_there(code: CloseCode) -> None:
    assert f"| {int(code)} |" in PAGE


def test_a_field_shows_type_unit_and_range() -> None:
    assert "| `retryAfterMs`? | integer | ms | at least 0 |" in PAGE
    assert "| `pixels` | list of [integer, integer, integer] |" in PAGE
    assert "| `limits` | [LimitsInfo](#limitsinfo) |" in PAGE
