"""What memory has beyond the contract, which `tests/contract` checks."""

from __future__ import annotations

import pytest

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import StoreCorrupt
from pixels_core.log.batch_codec import pack_batch
from tests.support.builders import IDENTITY, append_all, make_batch, read_all


async def test_it_keeps_packed_bytes() -> None:
    store = MemoryStore(IDENTITY)
    await store.append(make_batch(1))
    assert store._entries[1].payload == pack_batch(make_batch(1))
    assert (await read_all(store))[0] is not (await read_all(store))[0]


async def test_a_damaged_entry_is_reported_where_it_is() -> None:
    """[LOG-5] What comes before it is read."""
    store = MemoryStore(IDENTITY)
    await append_all(store, [make_batch(number) for number in (1, 2, 3)])
    entry = store._entries[2]
    store._entries[2] = type(entry)(entry.last_seq, entry.time, entry.payload[:-1])
    reader = store.read(0)
    assert await anext(reader) == make_batch(1)
    with pytest.raises(StoreCorrupt):
        await anext(reader)


async def test_closing_forgets_nothing() -> None:
    store = MemoryStore(IDENTITY)
    await store.append(make_batch(1))
    await store.close()
    assert await read_all(store) == [make_batch(1)]
