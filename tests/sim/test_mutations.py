"""The simulation can fail: each of these breaks one thing in the core, and a few dozen seeds have to notice it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from pixels_core.adapters.memory.store import MemoryStore
from pixels_core.errors import ReasonCode
from pixels_core.log import recovery
from pixels_core.log.batching import coalesce
from pixels_core.log.sequencer import Sequencer
from pixels_core.log.snapshot_codec import unpack_snapshot
from pixels_core.rules import engine
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.idempotency import IdempotencyIndex
from pixels_core.rules.locks import RegionLocks
from pixels_core.rules.placement import judge
from pixels_core.rules.state import CanvasState
from pixels_core.stream import retained_window as retained
from pixels_core.stream.projection import Projection
from pixels_core.stream.retained_window import CatchUp, RetainedWindow
from pixels_core.sync import SyncClient
from pixels_core.sync.pending import PendingPlacements
from pixels_core.sync.screen import Screen
from tests.sim.hub import Hub
from tests.sim.process import Process
from tests.sim.simulation import Violation, simulate

SEEDS = 150

Patch = pytest.MonkeyPatch


def publish_before_commit(patch: Patch) -> None:
    begin = Process._begin

    def early(self: Process) -> None:
        begin(self)
        if self._appending:
            self.hub.on_batch(self._appending)

    patch.setattr(Process, "_begin", early)


def answer_before_commit(patch: Patch) -> None:
    begin = Process._begin

    def early(self: Process) -> None:
        begin(self)
        if self._appending:
            self.hub.on_answers(self.sequencer._in_flight)

    patch.setattr(Process, "_begin", early)


def forget_requests_on_recovery(patch: Patch) -> None:
    patch.setattr(Engine, "_recall", lambda _self, _event: None)


def forget_requests_at_once(patch: Patch) -> None:
    patch.setattr(IdempotencyIndex, "remember", lambda _self, _event: None)


def skip_a_catch_up(patch: Patch) -> None:
    def skipped(_self: Hub, socket: Any) -> None:
        socket.position = _self.projection.state.seq

    patch.setattr(Hub, "catch_up", skipped)


def forget_the_last_segment(patch: Patch) -> None:
    since = RetainedWindow.since

    def short(self: RetainedWindow, seq: int) -> CatchUp | None:
        whole = since(self, seq)
        return whole and replace(whole, cells=dict(list(whole.cells.items())[:-1]))

    patch.setattr(RetainedWindow, "since", short)


def window_off_by_one(patch: Patch) -> None:
    since = RetainedWindow.since
    patch.setattr(
        RetainedWindow, "since", lambda self, seq: since(self, seq + 1) if seq < self.head else since(self, seq)
    )


def keep_a_stale_catch_up(patch: Patch) -> None:
    append = RetainedWindow.append

    def stale(self: RetainedWindow, batch: EventBatch) -> None:
        cached = self._cached
        append(self, batch)
        self._cached = cached

    patch.setattr(RetainedWindow, "append", stale)


def merge_first_write_wins(patch: Patch) -> None:
    def first(pixels: Iterable[Any]) -> dict[int, int]:
        return coalesce(reversed(list(pixels)))

    patch.setattr(retained, "coalesce", first)


def refuse_what_is_in_flight(patch: Patch) -> None:
    def unavailable(self: Sequencer[Any], ticket: Any, command: Any) -> Any:
        return self._unavailable(ticket, command)

    patch.setattr(Sequencer, "_suspend", unavailable)


def acknowledge_what_is_in_flight(patch: Patch) -> None:
    def trusting(self: Sequencer[Any], fresh: Engine) -> Any:
        answers = self._in_flight.copy()
        resume(self, fresh)
        return answers

    resume = Sequencer.resume
    patch.setattr(Sequencer, "resume", trusting)


def tell_of_what_was_lost(patch: Patch) -> None:
    def talkative(self: Sequencer[Any], fresh: Engine) -> Any:
        old = self._in_flight.copy()
        new = resume(self, fresh)
        return [mine if _is_verdict(mine.verdict) else other for mine, other in zip(old, new, strict=True)]

    resume = Sequencer.resume
    patch.setattr(Sequencer, "resume", talkative)


def _is_verdict(verdict: Verdict) -> bool:
    return isinstance(verdict, Refused) and verdict.reason is not ReasonCode.UNAVAILABLE


def keep_the_engine_after_a_failure(patch: Patch) -> None:
    resume = Sequencer.resume
    patch.setattr(Sequencer, "resume", lambda self, _fresh: resume(self, self.engine))


def ignore_locks(patch: Patch) -> None:
    patch.setattr(RegionLocks, "holding", lambda _self, _x, _y: None)


def ignore_bans(patch: Patch) -> None:
    patch.setattr(CanvasState, "is_banned", lambda _self, _user, _now: False)


def ignore_limits(patch: Patch) -> None:
    def generous(command: Any, state: Any, rates: Any, now: int) -> Any:
        return judge(command, state, rates, now + 60_000)

    patch.setattr(engine, "judge", generous)


def accept_any_writer(patch: Patch) -> None:
    append = MemoryStore.append

    async def unfenced(self: MemoryStore, batch: EventBatch) -> None:
        self._head = batch.number - 1, batch.first_seq - 1
        await append(self, batch)

    patch.setattr(MemoryStore, "append", unfenced)


def trust_damaged_snapshots(patch: Patch) -> None:
    def blank(data: bytes, limits: Any = None) -> CanvasState:
        state = unpack_snapshot(data, limits)
        state.canvas.set(0, (state.canvas.get(0) + 1) % 32)
        return state

    patch.setattr(recovery, "unpack_snapshot", blank)


def recover_without_the_last_batch(patch: Patch) -> None:
    read = MemoryStore.read

    async def short(self: MemoryStore, after: int) -> Any:
        async for batch in read(self, after):
            if batch.number != self._head[0] or batch.number % 7:
                yield batch

    patch.setattr(MemoryStore, "read", short)


def apply_over_gaps(patch: Patch) -> None:
    patch.setattr(SyncClient, "_on_stream", lambda self, message: self._apply(message))


def never_look_at_heartbeats(patch: Patch) -> None:
    patch.setattr(SyncClient, "_on_heartbeat", lambda _self, _reply, _now: None)


def never_send_again(patch: Patch) -> None:
    patch.setattr(PendingPlacements, "connection_lost", lambda _self: None)
    patch.setattr("pixels_core.sync.pending.ANSWER_TIMEOUT_MS", 10**9)


def keep_showing_what_was_refused(patch: Patch) -> None:
    patch.setattr(PendingPlacements, "_hide", lambda _self, _placement, **_how: None)


def never_settle(patch: Patch) -> None:
    patch.setattr(Screen, "_settled", lambda _self, _seq: [])


def resume_from_anywhere(patch: Patch) -> None:
    catch_up = Projection.catch_up

    def generous(self: Projection, since: int, epoch: str | None = None) -> CatchUp | None:
        return catch_up(self, since, epoch) or CatchUp(self.state.seq + 1, self.state.seq, {})

    patch.setattr(Projection, "catch_up", generous)


def acknowledge_too_early(patch: Patch) -> None:
    find = Engine.find

    def earlier(self: Engine, command: Any) -> Any:
        known = find(self, command)
        return Accepted(known.seq - 1) if isinstance(known, Accepted) else known

    patch.setattr(Engine, "find", earlier)


MUTATIONS: tuple[Callable[[Patch], None], ...] = (
    publish_before_commit,
    answer_before_commit,
    forget_requests_on_recovery,
    forget_requests_at_once,
    skip_a_catch_up,
    forget_the_last_segment,
    window_off_by_one,
    keep_a_stale_catch_up,
    merge_first_write_wins,
    refuse_what_is_in_flight,
    acknowledge_what_is_in_flight,
    tell_of_what_was_lost,
    keep_the_engine_after_a_failure,
    ignore_locks,
    ignore_bans,
    ignore_limits,
    accept_any_writer,
    trust_damaged_snapshots,
    recover_without_the_last_batch,
    apply_over_gaps,
    never_look_at_heartbeats,
    never_send_again,
    keep_showing_what_was_refused,
    never_settle,
    resume_from_anywhere,
    acknowledge_too_early,
)


def run_seeds() -> None:
    for seed in range(SEEDS):
        simulate(seed)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_core_is_found_out(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    with pytest.raises(Violation):
        run_seeds()
