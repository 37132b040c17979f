from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.rules.locks import MAX_LOCKS, RegionLock, RegionLocks

sides = st.integers(1, 6)
rects = st.builds(Rect, st.integers(0, 9), st.integers(0, 9), sides, sides)


CORNER = Rect(0, 0, 1, 1)


def make_lock(lock_id: str, rect: Rect = CORNER) -> RegionLock:
    return RegionLock(lock_id, rect, by="u_mod")


@given(st.lists(rects, max_size=8))
def test_a_cell_is_held_when_any_lock_holds_it(areas: list[Rect]) -> None:
    locks = RegionLocks(make_lock(str(number), rect) for number, rect in enumerate(areas))
    for x in range(16):
        for y in range(16):
            holder = locks.holding(x, y)
            assert (holder is not None) == any(rect.contains(x, y) for rect in areas)
            assert holder is None or holder.rect.contains(x, y)


def test_overlapping_locks_are_removed_one_by_one() -> None:
    locks = RegionLocks()
    locks.add(make_lock("a", Rect(0, 0, 5, 5)))
    locks.add(make_lock("b", Rect(4, 4, 5, 5)))
    assert locks.remove("a").rect == Rect(0, 0, 5, 5)
    held = locks.holding(4, 4)
    assert held is not None
    assert held.id == "b"
    assert locks.holding(0, 0) is None
    assert [lock.id for lock in locks] == ["b"]
    assert len(locks) == 1


def test_a_known_id_is_refused() -> None:
    locks = RegionLocks([make_lock("a")])
    with pytest.raises(ClientFault) as refused:
        locks.add(make_lock("a", Rect(3, 3, 1, 1)))
    assert refused.value.code is ReasonCode.CONFLICT
    assert locks.holding(3, 3) is None


def test_an_unknown_id_cannot_be_removed_and_is_not_repeated_at_length() -> None:
    with pytest.raises(ClientFault) as refused:
        RegionLocks().remove("x" * 4000)
    assert refused.value.code is ReasonCode.NOT_FOUND
    assert len(str(refused.value)) < 200


def test_there_is_a_limit() -> None:
    locks = RegionLocks(make_lock(str(number)) for number in range(MAX_LOCKS))
    with pytest.raises(ClientFault) as refused:
        locks.add(make_lock("one more"))
    assert refused.value.code is ReasonCode.CONFLICT
    assert len(locks) == MAX_LOCKS
