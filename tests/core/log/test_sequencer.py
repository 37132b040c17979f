from __future__ import annotations

import pytest

from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ReasonCode
from pixels_core.log import sequencer as module
from pixels_core.log.batching import SHORTEST_WINDOW_MS
from pixels_core.log.sequencer import Answer, Sequencer, SequencerPhase
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, ChangePause, Command, LockRegion, PlacePixel
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState
from tests.support.builders import IDENTITY, T0

ADA = Actor(user="ada", role=Role.PAINTER)
MOD = Actor(user="mod", role=Role.MODERATOR)
UNAVAILABLE = Refused(ReasonCode.UNAVAILABLE)


def place(request: int, x: int = 0, color: int = 1) -> PlacePixel:
    return PlacePixel(ADA, request, x, 0, color)


def fresh(batches: list[EventBatch] | None = None) -> Engine:
    """An engine rebuilt from a log with these batches."""
    state = CanvasState(IDENTITY)
    for batch in batches or []:
        state.apply_batch(batch)
    return Engine(state, batches or [])


def submit(sequencer: Sequencer[str], *commands: Command, now: int = T0) -> list[Answer[str] | None]:
    return [sequencer.submit(f"t{index}", command, now) for index, command in enumerate(commands)]


def in_flight(*commands: Command) -> tuple[Sequencer[str], EventBatch]:
    """A sequencer in the middle of the commit of these."""
    sequencer = Sequencer[str](fresh())
    submit(sequencer, *commands)
    batch = sequencer.begin(T0).batch
    assert batch
    return sequencer, batch


def verdicts(answers: list[Answer[str]]) -> list[Verdict]:
    return [answer.verdict for answer in answers]


def test_nothing_is_answered_before_the_commit() -> None:
    """[SEQ-2] Neither acceptances nor the refusals that came with them."""
    sequencer = Sequencer[str](fresh())
    assert submit(sequencer, place(1), place(1, 5), place(2, -1)) == [None, None, None]
    work = sequencer.begin(T0)
    assert work.batch
    assert work.answers == []
    assert sequencer.phase is SequencerPhase.COMMITTING
    answers = sequencer.committed()
    assert [answer.ticket for answer in answers] == ["t0", "t1", "t2"]
    assert verdicts(answers)[0] == Accepted(1)
    assert [verdict.reason for verdict in verdicts(answers) if isinstance(verdict, Refused)] == [
        ReasonCode.DUPLICATE,
        ReasonCode.OUT_OF_BOUNDS,
    ]


def test_what_changed_nothing_is_answered_at_once() -> None:
    """[REQ-1] There is no batch to wait for."""
    sequencer = Sequencer[str](fresh())
    submit(sequencer, place(1, -1))
    work = sequencer.begin(T0)
    assert work.batch is None
    assert len(work.answers) == 1
    assert sequencer.phase is SequencerPhase.READY


def test_every_command_is_answered_once() -> None:
    """[REQ-1] Those that come during a commit with the next batch."""
    sequencer, _ = in_flight(place(1))
    submit(sequencer, place(2, 1), now=T0 + 1)
    assert sequencer.due_at() is None
    assert verdicts(sequencer.committed()) == [Accepted(1)]
    sequencer.published(T0 + 2)
    assert sequencer.due_at() == T0 + SHORTEST_WINDOW_MS
    assert sequencer.begin(T0 + SHORTEST_WINDOW_MS).batch
    assert verdicts(sequencer.committed()) == [Accepted(2)]
    assert sequencer.due_at() is None


def test_a_batch_is_due_at_once_after_a_quiet_time() -> None:
    """[SEQ-5] And not before anything waits."""
    sequencer = Sequencer[str](fresh())
    assert sequencer.due_at() is None
    submit(sequencer, place(1))
    assert sequencer.due_at() == T0


def test_a_batch_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BATCH", 2)
    sequencer = Sequencer[str](fresh())
    submit(sequencer, place(1), place(2, 1), place(3, 2))
    batch = sequencer.begin(T0).batch
    assert batch
    assert batch.last_seq == 2
    sequencer.committed()
    sequencer.published(T0)
    assert sequencer.due_at() == T0 + SHORTEST_WINDOW_MS


def test_beyond_the_queue_the_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    sequencer = Sequencer[str](fresh())
    refused = submit(sequencer, place(1), place(2, 1), place(3, 2))
    assert [answer and answer.verdict for answer in refused] == [None, None, UNAVAILABLE]


def test_a_full_queue_does_not_deny_what_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """[REQ-2] A repeat waits for its acknowledgement."""
    sequencer, _ = in_flight(place(1))
    sequencer.committed()
    monkeypatch.setattr(module, "MAX_WAITING", 0)
    assert submit(sequencer, place(1)) == [None]
    assert verdicts(sequencer.begin(T0 + 100).answers) == [Accepted(1)]


def test_a_full_queue_does_not_deny_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """[REQ-1] "Nothing was placed" would be a lie a moment later."""
    sequencer = Sequencer[str](fresh())
    submit(sequencer, place(1))
    monkeypatch.setattr(module, "MAX_WAITING", 1)
    assert submit(sequencer, place(1)) == [None]
    assert [answer and answer.verdict for answer in submit(sequencer, place(2, 1))] == [UNAVAILABLE]
    monkeypatch.setattr(module, "MAX_WITH_REPEATS", 2)
    assert [answer and answer.verdict for answer in submit(sequencer, place(1))] == [UNAVAILABLE]
    sequencer.begin(T0)
    assert verdicts(sequencer.committed()) == [Accepted(1), Accepted(1)]


def test_what_the_log_holds_is_acknowledged_after_all() -> None:
    """[SEQ-3] The append failed, but the batch was written."""
    sequencer, batch = in_flight(place(1), place(2, 1))
    assert sequencer.failed() == []
    assert verdicts(sequencer.resume(fresh([batch]))) == [Accepted(1), Accepted(2)]
    assert sequencer.phase is SequencerPhase.READY


def test_what_the_log_does_not_hold_is_unavailable() -> None:
    """[SEQ-3] And may be tried again under the same id."""
    sequencer, _ = in_flight(place(1), ChangePause(actor=MOD, paused=True))
    sequencer.failed()
    assert verdicts(sequencer.resume(fresh())) == [UNAVAILABLE, UNAVAILABLE]
    submit(sequencer, place(1), now=T0 + 1_000)
    assert sequencer.begin(T0 + 1_000).batch
    assert verdicts(sequencer.committed()) == [Accepted(1)]


def test_refusals_of_a_lost_batch_are_taken_back() -> None:
    """[SEQ-2] The lock and the colour that they speak of never existed."""
    lock = LockRegion(actor=MOD, lock_id="l", rect=Rect(0, 0, 2, 2))
    sequencer, _ = in_flight(place(1, 5, 7), lock, place(2), place(1, 5, 9))
    sequencer.failed()
    assert verdicts(sequencer.resume(fresh())) == [UNAVAILABLE] * 4


def test_what_only_waited_is_refused_when_the_log_fails() -> None:
    """[SEQ-4] Never queued, never dropped."""
    sequencer, batch = in_flight(place(1))
    submit(sequencer, place(2, 1))
    assert verdicts(sequencer.failed()) == [UNAVAILABLE]
    assert sequencer.due_at() is None
    (answer,) = submit(sequencer, place(3, 2))
    assert answer
    assert answer.verdict == UNAVAILABLE
    assert verdicts(sequencer.resume(fresh([batch]))) == [Accepted(1)]
    submit(sequencer, place(3, 2))
    assert sequencer.due_at() is not None


@pytest.mark.parametrize("written", [True, False])
def test_a_repeat_waits_with_the_first_while_the_outcome_is_unknown(written: bool) -> None:
    """[SEQ-3] Whether it came before the failure or after it; refused, it would deny what the log may hold."""
    sequencer, batch = in_flight(place(1))
    submit(sequencer, place(1))
    assert sequencer.failed() == []
    assert submit(sequencer, place(1)) == [None]
    expected = Accepted(1) if written else UNAVAILABLE
    assert verdicts(sequencer.resume(fresh([batch] if written else []))) == [expected] * 3


def test_repeats_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """[SEQ-4] Even while the log is out of reach for hours."""
    monkeypatch.setattr(module, "MAX_WAITING", 3)
    sequencer, _ = in_flight(place(1))
    sequencer.failed()
    held = submit(sequencer, *[place(1)] * 3)
    assert [answer and answer.verdict for answer in held] == [None, None, UNAVAILABLE]


def test_a_repeat_of_what_is_in_the_log_is_acknowledged_while_it_is_out_of_reach() -> None:
    """[REQ-2] It needs no log to be written."""
    sequencer, batch = in_flight(place(1))
    sequencer.committed()
    submit(sequencer, place(2, 1))
    sequencer.begin(T0 + 100)
    sequencer.failed()
    (answer,) = submit(sequencer, place(1))
    assert answer
    assert answer.verdict == Accepted(1)
    assert verdicts(sequencer.resume(fresh([batch]))) == [UNAVAILABLE]


def test_another_writer_may_have_been_first() -> None:
    """[SEQ-3] Then the log has what the other one wrote, and our seq means something else."""
    sequencer, _ = in_flight(place(1), place(2, 1))
    other, batch = in_flight(place(2, 1))
    other.committed()
    sequencer.failed()
    assert verdicts(sequencer.resume(fresh([batch]))) == [UNAVAILABLE, Accepted(1)]


def test_calls_out_of_order_are_mistakes_of_the_host() -> None:
    sequencer, _ = in_flight(place(1))
    with pytest.raises(RuntimeError, match="COMMITTING"):
        sequencer.begin(T0)
    sequencer.committed()
    with pytest.raises(RuntimeError, match="READY"):
        sequencer.committed()
    sequencer.failed()
    with pytest.raises(RuntimeError, match="SUSPENDED"):
        sequencer.begin(T0)
