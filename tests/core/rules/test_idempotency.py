from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.rules.events import PixelPlaced
from pixels_core.rules.idempotency import IdempotencyIndex
from tests.support.builders import T0, make_pixel

steps = st.lists(st.tuples(st.integers(0, RETAINED_MS // 2), st.sampled_from("ab"), st.integers(0, 4)), max_size=40)


@given(steps)
def test_it_is_a_list_that_forgets_what_is_old(history: list[tuple[int, str, int]]) -> None:
    """[REQ-2] Of each user's id the newest placement, for 10 minutes by the events' own time."""
    index, events, now = IdempotencyIndex(), list[PixelPlaced](), T0
    for seq, (pause, user, request) in enumerate(history, 1):
        now += pause
        if index.find(user, request):
            continue  # a repeat: the engine answers it and makes no event
        event = PixelPlaced(seq, now, user, request, seq * 7 % 192, seq % 248)
        index.remember(event)
        events.append(event)
        young = [old for old in events if old.time >= now - RETAINED_MS]
        wanted = {(old.user, old.request): (old.seq, old.cell, old.color) for old in young}
        found = {(who, number): index.find(who, number) for who in "ab" for number in range(5)}
        assert {key: value for key, value in found.items() if value} == wanted
        assert len(index) == len(young)


def test_an_id_that_comes_again_does_not_go_with_its_old_self() -> None:
    """[REQ-2] A replay may hold both: the second is remembered, the first is forgotten."""
    index = IdempotencyIndex()
    index.remember(make_pixel(1)._replace(request=9))
    index.remember(make_pixel(2, 5, 6, time=T0 + RETAINED_MS + 1)._replace(request=9))
    assert index.find("ada", 9) == (2, 5, 6)


def test_the_largest_numbers_fit() -> None:
    index = IdempotencyIndex()
    index.remember(PixelPlaced(2**53 - 1, T0, "ada", 2**53 - 1, 4096 * 4096 - 1, 247))
    assert index.find("ada", 2**53 - 1) == (2**53 - 1, 4096 * 4096 - 1, 247)
    assert index.find("ada", 1) is None
    assert index.find("bob", 2**53 - 1) is None


def test_nothing_is_left_of_what_expired() -> None:
    index = IdempotencyIndex()
    for seq in range(1, 100):
        index.remember(make_pixel(seq, user=f"user-{seq}"))
    index.expire(T0 + RETAINED_MS)
    assert len(index) == 99
    index.expire(T0 + RETAINED_MS + 1)
    assert len(index) == 0
    assert not index._by_user
