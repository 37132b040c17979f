from __future__ import annotations

from pixels_core.adapters.hosting.stores import projector_of
from pixels_core.adapters.memory.store import MemoryStore
from tests.support.builders import IDENTITY


def test_a_log_in_memory_needs_no_projector() -> None:
    assert projector_of(MemoryStore(IDENTITY)) is None
