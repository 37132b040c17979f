from __future__ import annotations

import pytest

from pixels_core.protocol import messages
from pixels_core.protocol.fields import FIELDS, meaning_of
from pixels_core.serialization import wire_fields

KINDS = (*messages.CLIENT_MESSAGES, *messages.SERVER_MESSAGES, *messages.SHARED_TYPES)
NAMED = [(kind, name) for kind in KINDS for name, _, _, _ in wire_fields(kind)]


@pytest.mark.parametrize(("kind", "field"), NAMED, ids=lambda value: getattr(value, "__name__", value))
def test_every_field_says_what_it_means(kind: type, field: str) -> None:
    assert meaning_of(kind, field).meaning.endswith(".")


def test_nothing_is_explained_that_is_not_there() -> None:
    fields = {name for _, name in NAMED} | {f"{kind.__name__}.{name}" for kind, name in NAMED} | {"type"}
    soon = {"ids", "seqs", "colors"}
    assert set(FIELDS) - fields <= soon
