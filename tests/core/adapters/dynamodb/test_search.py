from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from pixels_core.adapters.dynamodb.search import last_true, newest_filled


@given(start=st.integers(0, 1_000), filled=st.integers(0, 5_000))
def test_the_newest_filled_bucket_is_found_in_few_steps(start: int, filled: int) -> None:
    """[LOG-2] Whatever the log's length, its head is found; a writer that misses it would be fenced for ever."""
    asked: list[int] = []

    async def probe(bucket: int) -> str | None:
        asked.append(bucket)
        return f"bucket {bucket}" if start <= bucket < start + filled else None

    newest = asyncio.run(newest_filled(probe, start))
    assert newest == (f"bucket {start + filled - 1}" if filled else None)
    assert len(asked) <= 2 + 2 * filled.bit_length()
    assert len(asked) == len(set(asked))


@given(low=st.integers(0, 1_000), length=st.integers(0, 5_000), share=st.floats(0, 1))
def test_the_last_number_that_holds_is_found_in_few_steps(low: int, length: int, share: float) -> None:
    answer = low + round(share * length)
    asked: list[int] = []

    async def holds(number: int) -> bool:
        assert low < number <= low + length
        asked.append(number)
        return number <= answer

    assert asyncio.run(last_true(holds, low, low + length)) == answer
    assert len(asked) <= 2 + 2 * (low + length - answer + 1).bit_length()
