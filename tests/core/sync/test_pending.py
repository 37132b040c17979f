from __future__ import annotations

from pixels_core.protocol.messages import RETAINED_MS
from pixels_core.sync.pending import ANSWER_TIMEOUT_MS, RESEND_MARGIN_MS, PendingPlacements

AT = (2, 3)


def ids(pending: PendingPlacements, now: int) -> list[int]:
    return [update.id for update, _ in pending.to_send(now)]


def test_the_newest_placement_of_a_cell_shows() -> None:
    pending = PendingPlacements(7)
    first, second = pending.add(AT, 1, 0), pending.add(AT, 2, 0)
    assert (first.update.id, second.update.id, pending.color_at(AT), len(pending)) == (7, 8, 2, 2)
    pending.refuse(8)
    assert pending.color_at(AT) == 1
    pending.refuse(7)
    assert pending.color_at(AT) is None
    assert pending.refuse(7) is None


def test_what_is_confirmed_hides_what_is_older() -> None:
    """An older placement whose answer is late would show a past that is over."""
    pending = PendingPlacements(7)
    pending.add(AT, 1, 0)
    pending.add(AT, 2, 0)
    pending.acknowledge(8, 5)
    assert pending.settle(4) == []
    assert [placement.update.id for placement in pending.settle(5)] == [8]
    assert pending.color_at(AT) is None
    assert len(pending) == 1, "the older one still has no answer"
    pending.acknowledge(7, 4)
    assert len(pending.settle(5)) == 1


def test_sending_again() -> None:
    pending = PendingPlacements(1)
    pending.add(AT, 1, 0)
    pending.add(AT, 1, 0)
    assert [again for _, again in pending.to_send(0)] == [False, False]
    assert ids(pending, ANSWER_TIMEOUT_MS - 1) == []
    assert ids(pending, ANSWER_TIMEOUT_MS) == [1, 2]
    pending.connection_lost()
    assert ids(pending, ANSWER_TIMEOUT_MS) == [1, 2]


def test_nothing_is_sent_again_shortly_before_its_id_is_forgotten() -> None:
    pending = PendingPlacements(1)
    pending.add(AT, 1, 0)
    pending.sent(1, 0)
    pending.connection_lost()
    assert ids(pending, RETAINED_MS - RESEND_MARGIN_MS + 1) == []
    pending.add(AT, 2, 0)
    assert ids(pending, RETAINED_MS - RESEND_MARGIN_MS + 1) == [2], "what was never sent cannot be placed twice"


def test_giving_up() -> None:
    pending = PendingPlacements(1)
    pending.add(AT, 1, 10)
    pending.add(AT, 2, 20)
    assert [placement.color for placement in pending.give_up(20)] == [1]
    assert (pending.color_at(AT), len(pending)) == (2, 1)


def test_forgetting_the_acknowledged() -> None:
    pending = PendingPlacements(1)
    pending.add(AT, 1, 0)
    pending.acknowledge(1, 9)
    assert len(pending.forget_acknowledged()) == 1
    assert pending.color_at(AT) is None
