"""The sequencer's host: committing, failing, recovering and stopping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pixels_core.adapters.hosting.clock import ManualClock
from pixels_core.errors import ReasonCode
from pixels_core.log.sequencer import Answer
from pixels_core.protocol.messages import Mode, Role
from pixels_core.rules.commands import Actor, PlacePixel
from pixels_core.rules.effects import Accepted, Refused
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import DEFAULT_LIMITS
from pixels_ws.ports import Ticket
from pixels_ws.sequencing.sequencer_host import SequencerHost
from tests.support.builders import T0, read_all
from tests.ws.fake_socket import eventually
from tests.ws.world import FaultyLog, Recorder

ADA = Actor(user="ada", role=Role.PAINTER)


class Asker:
    """A ticket; the recorder has its answers."""

    def resolve(self, _answer: Answer[Ticket], /) -> None:
        raise AssertionError("the audience resolves tickets")


class Bench:
    """A host over a log that fails on demand."""

    def __init__(self) -> None:
        self.clock, self.log, self.recorder = ManualClock(T0), FaultyLog(), Recorder()
        self.commits: list[float] = []
        self.host = SequencerHost(self.log, self.clock, DEFAULT_LIMITS, self.commits.append)
        self.running: asyncio.Task[None]

    def place(self, request: int, color: int = 1) -> None:
        self.host.submit(Asker(), PlacePixel(ADA, request, request % 16, 0, color))

    @property
    def answers(self) -> dict[int, Accepted | Refused]:
        """Every answer by its id; a second answer to the same id fails."""
        given = [heard for heard in self.recorder.heard if isinstance(heard, Answer)]
        found = {answer.command.request: answer.verdict for answer in given if isinstance(answer.command, PlacePixel)}
        assert len(found) == len(given), "somebody was answered twice"
        return found

    @property
    def modes(self) -> list[Mode]:
        return [heard for heard in self.recorder.heard if isinstance(heard, Mode)]

    @property
    def published(self) -> list[int]:
        return [heard.number for heard in self.recorder.heard if isinstance(heard, EventBatch)]

    async def answered(self, *requests: int) -> None:
        await eventually(lambda: set(requests) <= set(self.answers))


@asynccontextmanager
async def running() -> AsyncIterator[Bench]:
    bench = Bench()
    await bench.host.start()
    bench.running = asyncio.create_task(bench.host.run(bench.recorder))
    try:
        yield bench
    finally:
        bench.running.cancel()
        await asyncio.gather(bench.running, return_exceptions=True)


@pytest.fixture
async def bench(quick_retries: None) -> AsyncIterator[Bench]:  # noqa: ARG001
    async with running() as started:
        yield started


UNAVAILABLE = Refused(ReasonCode.UNAVAILABLE)


async def test_a_batch_is_published_after_it_is_logged_and_answered_after_that(bench: Bench) -> None:
    """[SEQ-2] Nothing is heard while the write is under way."""
    bench.log.pace.clear()
    bench.place(1)
    bench.place(2)
    await eventually(lambda: bench.log.attempts)
    await asyncio.sleep(0.01)
    assert bench.recorder.heard == []
    bench.log.pace.set()
    await bench.answered(1, 2)
    assert [type(heard) for heard in bench.recorder.heard] == [EventBatch, Answer, Answer]
    assert bench.answers == {1: Accepted(1), 2: Accepted(2)}
    assert len(bench.commits) == 1


async def test_what_changes_nothing_writes_nothing(bench: Bench) -> None:
    bench.place(1, color=250)
    await bench.answered(1)
    assert bench.answers[1].reason is ReasonCode.BAD_COLOR  # type: ignore[union-attr]
    assert bench.log.attempts == 0


async def test_a_commit_that_failed_is_unavailable(bench: Bench) -> None:
    """[SEQ-3] [SEQ-4] What was in flight and what waits is refused; new placements too, until writes work again."""
    bench.log.refuse_writes = True
    bench.place(1)
    await eventually(lambda: bench.modes == [Mode.DEGRADED])
    assert bench.answers == {}
    bench.place(2)
    assert bench.answers == {2: UNAVAILABLE}
    bench.log.refuse_writes = False
    await bench.answered(1)
    assert bench.answers[1] == UNAVAILABLE
    assert bench.modes == [Mode.DEGRADED, Mode.LIVE]
    bench.place(1)
    await eventually(lambda: bench.published == [1])


async def test_a_log_that_can_only_be_read_stays_degraded(bench: Bench) -> None:
    """[SEQ-4] A full disk: live again only after a write that worked, not each time somebody tries."""
    bench.log.refuse_writes = True
    bench.place(1)
    await eventually(lambda: bench.modes)
    await asyncio.sleep(0.1)
    assert bench.modes == [Mode.DEGRADED]
    assert bench.log.attempts == 1


async def test_a_commit_whose_answer_was_lost_is_looked_up(bench: Bench) -> None:
    """[SEQ-3] The log has it, so it is published and acknowledged, once."""
    bench.log.lose_answers = bench.log.refuse_reads = True
    bench.place(1)
    await eventually(lambda: bench.modes == [Mode.DEGRADED])
    await asyncio.sleep(0.03)
    assert (bench.answers, bench.published) == ({}, []), "nobody is told anything before the log was read"
    bench.log.lose_answers = bench.log.refuse_reads = False
    await bench.answered(1)
    assert bench.answers == {1: Accepted(1)}
    assert bench.published == [1]
    bench.place(2)
    await bench.answered(2)
    assert bench.answers[2] == Accepted(2)
    assert [batch.number for batch in await read_all(bench.log)] == [1, 2]


async def test_what_waits_behind_a_failed_commit_is_refused(bench: Bench) -> None:
    """[SEQ-4] [REQ-4] Never queued, never dropped, never remembered."""
    bench.log.refuse_writes = True
    bench.log.pace.clear()
    bench.place(1)
    await eventually(lambda: bench.log.attempts)
    bench.place(2)
    bench.log.pace.set()
    await bench.answered(2)
    assert bench.answers[2] == UNAVAILABLE
    bench.log.refuse_writes = False
    await bench.answered(1)
    assert await read_all(bench.log) == []


async def test_stopping_finishes_the_commit_in_flight_and_what_waits(bench: Bench) -> None:
    """[SOCK-8] Everything that came in before is answered."""
    bench.log.pace.clear()
    bench.place(1)
    await eventually(lambda: bench.log.attempts)
    bench.place(2)
    bench.host.stop()
    bench.log.pace.set()
    async with asyncio.timeout(2):
        await bench.host.stopped()
        await bench.running
    assert bench.answers == {1: Accepted(1), 2: Accepted(2)}


async def test_stopping_an_idle_host() -> None:
    async with running() as bench:
        await asyncio.sleep(0)
        bench.host.stop()
        async with asyncio.timeout(1):
            await bench.running


async def test_stopping_while_the_last_commit_fails(bench: Bench) -> None:
    """[SOCK-8] Nobody waits for ever; what is unanswered is asked again."""
    bench.log.refuse_writes = True
    bench.log.pace.clear()
    bench.place(1)
    await eventually(lambda: bench.log.attempts)
    bench.host.stop()
    bench.log.pace.set()
    async with asyncio.timeout(2):
        await bench.host.stopped()
        await bench.running
    assert bench.answers == {}


async def test_stopping_with_only_a_last_commit_that_fails(bench: Bench) -> None:
    """[SOCK-8] Also where that commit begins after the stop."""
    bench.place(1)
    await bench.answered(1)
    bench.log.refuse_writes = True
    bench.place(2)
    bench.host.stop()
    async with asyncio.timeout(2):
        await bench.host.stopped()
        await bench.running
    assert set(bench.answers) == {1}


async def test_stopping_a_degraded_host_does_not_wait_for_the_next_try() -> None:
    """[SOCK-8] The pause between tries is up to five seconds."""
    async with running() as bench:
        bench.log.refuse_writes = True
        bench.place(1)
        await eventually(lambda: bench.modes)
        bench.host.stop()
        async with asyncio.timeout(0.3):
            await bench.running


async def test_a_fault_of_our_own_is_not_hidden(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """`stopped` comes in any case, so that the server ends instead of hanging."""

    def fail(_batch: EventBatch) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.recorder, "on_batch", fail)
    bench.place(1)
    async with asyncio.timeout(2):
        await bench.host.stopped()
    with pytest.raises(ZeroDivisionError):
        await bench.running


async def test_a_clock_that_is_set_back_delays_nobody(bench: Bench) -> None:
    """[SEQ-5] The window is at most 100 ms, whatever the clock says."""
    bench.place(1)
    await bench.answered(1)
    bench.clock.advance(-3_600_000)
    bench.place(2)
    async with asyncio.timeout(1):
        await bench.answered(2)


async def test_a_restart_goes_on_where_the_log_ends() -> None:
    """[SEQ-6] [REQ-2] The new host knows the requests of the old one."""
    async with running() as bench:
        bench.place(1)
        await bench.answered(1)
        again = SequencerHost(bench.log, bench.clock, DEFAULT_LIMITS)
        recovered = await again.start()
        assert recovered.state.seq == 1
        recorder = Recorder()
        task = asyncio.create_task(again.run(recorder))
        again.submit(Asker(), PlacePixel(ADA, 1, 1, 0, 1))
        again.submit(Asker(), PlacePixel(ADA, 2, 1, 0, 1))
        await eventually(lambda: len(recorder.heard) == 3)
        assert [heard.verdict for heard in recorder.heard if isinstance(heard, Answer)] == [Accepted(1), Accepted(2)]
        again.stop()
        await task
