"""The real host, hub and connections in virtual time: a storm of faults, then calm, then the reckoning with the log.

`pytest tests/sim/test_real_host.py --seed 42` runs one seed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pixels_core.canvas.canvas import checksum_of
from pixels_core.log.sequencer import Answer, Sequencer, SequencerPhase
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.protocol.messages import Mode
from pixels_core.rules.commands import PostNotice
from pixels_core.rules.effects import Accepted
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState
from pixels_core.sync import Placed, Rejected, SyncPhase
from pixels_ws.hub import Hub
from pixels_ws.ports import Ticket
from pixels_ws.sequencing.sequencer_host import SequencerHost
from pixels_ws.sockets.connection import Connection
from pixels_ws.sockets.outbound import Outbound
from tests.sim.real_host.disk import Disk
from tests.sim.real_host.fault_rates import IDENTITY, MODERATOR, FaultRates
from tests.sim.real_host.follower import Follower
from tests.sim.real_host.world import RealWorld
from tests.sim.simulation import Violation
from tests.sim.virtual_loop import run_virtually
from tests.support.builders import read_all

SEEDS = 300
BLOCK = 50
DEEDS = (40, 90)
LONGEST_CALM_S = 120

FAULTS = (
    "append fails, batch under way",
    "append fails, batch written",
    "append fails, nothing written",
    "closed slow_consumer",
    "closed shutting_down",
    "crash after append",
    "crash at a frame",
    "crash before append",
    "crash in append",
    "crash in recovery",
    "killed",
    "lag merged",
    "late write fenced",
    "late write landed",
    "log out of reach",
    "read fails",
    "slow frame",
    "stopped",
    "unplugged",
    "write landed at death",
)
ENDINGS = ("placed", "bad_color", "locked", "out_of_bounds", "rate_limited", "unavailable")


def simulate(seed: int) -> Counter[str]:
    """Run a seed and return how often each thing happened; raises Violation."""
    try:
        return run_virtually(_run(seed))
    except Exception as problem:
        raise Violation(
            f"seed {seed}: {type(problem).__name__}: {problem}\n"
            f"Run it again: pytest tests/sim/test_real_host.py --seed {seed}"
        ) from problem


def run_seeds(seeds: range) -> None:
    for seed in seeds:
        simulate(seed)


async def _run(seed: int) -> Counter[str]:
    world = RealWorld(seed)
    await _storm(world)
    await _calm(world)
    await _check(world)
    world.raise_problems()
    world.counts["changes"] = world.ledger.head
    return world.counts


# ── the storm, and what follows ─────────────────────────────────────────────────────────────────────────────────────


async def _storm(world: RealWorld) -> None:
    trouble = world.dice.choice((0.0, 1.0, 3.0))
    deeds: dict[Callable[[], None], float] = {
        world.paint: 100,
        world.repeat: 30,
        world.moderate: 10,
        world.keep_snapshot: 3,
        world.unplug: 2 * trouble,
        world.kill: 2 * trouble,
        world.stop: trouble,
        world.usurp: trouble,
        world.log_outage: trouble,
    }
    longest = world.dice.choice((0.05, 0.4))
    for _ in range(world.dice.randint(*DEEDS)):
        world.raise_problems()
        (deed,) = world.dice.choices(list(deeds), list(deeds.values()))
        deed()
        await asyncio.sleep(world.span((0.0, longest)))


async def _calm(world: RealWorld) -> None:
    """Stop all faults and wait until nothing is left to be done."""
    world.fault_rates, world.out_until = FaultRates(), 0.0
    deadline = world.loop.time() + LONGEST_CALM_S
    while not _quiet(world):
        world.raise_problems()
        assert world.loop.time() < deadline, "it never becomes quiet: " + _unrest(world)
        if world.hub and world.hub.state.seq != world.ledger.head:
            world.execute(PostNotice(actor=MODERATOR, text="The storm is over"))
        await asyncio.sleep(0.5)
    await asyncio.sleep(5.0)


def _quiet(world: RealWorld) -> bool:
    head = world.ledger.head
    return (
        world.hub is not None
        and world.hub.state.seq == head
        and all(_is_done(each, head) for each in world.followers)
    )


def _is_done(follower: Follower, head: int) -> bool:
    sync = follower.sync
    return follower.wire is not None and sync.phase is SyncPhase.LIVE and sync.seq == head and not sync.unanswered


def _unrest(world: RealWorld) -> str:
    clients = [
        f"{each.user} {each.sync.phase.name} {each.sync.seq}, {each.sync.unanswered}" for each in world.followers
    ]
    return f"head {world.ledger.head}, hub {world.hub and world.hub.state.seq}; " + "; ".join(clients)


# ── the reckoning ───────────────────────────────────────────────────────────────────────────────────────────────────


async def _check(world: RealWorld) -> None:
    """Compare everybody with the log, and every answer that was given with what it holds."""
    replayed = _replay(await read_all(world.store), world)
    assert world.hub
    assert pack_snapshot(world.hub.state) == pack_snapshot(replayed), "the hub differs from the log"
    for follower in world.followers:
        _check_follower(follower, replayed)
        _check_answers(world, follower)
    for key, verdict in world.ledger.verdicts.items():
        held = [event.seq for event in world.ledger.held(key)]
        if isinstance(verdict, Accepted):
            assert held == [verdict.seq], f"{key} was acknowledged as {verdict} and is in the log as {held}"


def _replay(batches: list[EventBatch], world: RealWorld) -> CanvasState:
    state = CanvasState(IDENTITY, world.limits)
    events = [event for batch in batches for event in batch.events]
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1)), "batch numbers have gaps"
    assert [event.seq for event in events] == list(range(1, len(events) + 1)), "seqs have gaps"
    for batch in batches:
        state.apply_batch(batch)
    return state


def _check_follower(follower: Follower, truth: CanvasState) -> None:
    sync, wire = follower.sync, follower.wire
    assert sync.confirmed == truth.canvas, f"{follower.user} has another canvas"
    assert sync.seq == truth.seq, f"{follower.user} is at seq {sync.seq}"
    assert sync.checksum == checksum_of(bytes(truth.canvas)), f"{follower.user} has another checksum"
    assert sync.statistics.mismatches == 0, f"{follower.user} met a false checksum"
    assert wire, f"{follower.user} has no connection"
    assert wire.asked == wire.answered, f"{follower.user} waits for {wire.asked - wire.answered}"


def _check_answers(world: RealWorld, follower: Follower) -> None:
    user = follower.user
    assert follower.answers.keys() == follower.asked.keys(), f"{user} waits for an answer"
    for request, verdict in follower.answers.items():
        key = (user, request, *follower.asked[request])
        placed = world.ledger.requests.get((user, request), [])
        assert len(placed) <= 1, f"{user}'s {request} is in the log {len(placed)} times"
        assert placed == world.ledger.held(key), f"{user}'s {request} is in the log as another pixel"
        if isinstance(verdict, Placed):
            assert placed, f"{user}'s {request} was acknowledged and is not in the log"
            assert placed[0].seq <= verdict.seq, f"{user}'s {request} was acknowledged too early"
        else:
            assert isinstance(verdict, Rejected), f"{user}'s {request} was given up"
            assert not placed or world.ledger.copies[key] > 1, f"{user}'s {request} was refused and is in the log"


# ── the tests ───────────────────────────────────────────────────────────────────────────────────────────────────────


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make blocks of seeds."""
    if "seeds" in metafunc.fixturenames:
        seed = metafunc.config.getoption("seed")
        blocks = [range(start, start + BLOCK) for start in range(0, SEEDS, BLOCK)]
        metafunc.parametrize(
            "seeds",
            blocks if seed is None else [range(seed, seed + 1)],
            ids=lambda block: f"{block.start}-{block.stop - 1}",
        )


def test_the_real_host_and_hub_agree_with_the_log(seeds: range) -> None:
    """[SEQ-6] [SEQ-1] [SEQ-2] [SEQ-3] [SEQ-4] [REQ-1] [REQ-2] [SYNC-1] [STR-2] [SOCK-5] [SOCK-7]

    Whatever the log does, whoever is slow, wherever the process is killed.
    """
    run_seeds(seeds)


def test_a_run_of_the_real_host_is_a_function_of_its_seed() -> None:
    for seed in (3, 4, 5):
        assert simulate(seed) == simulate(seed)


def test_the_storm_over_the_real_host_has_every_fault_and_every_ending() -> None:
    """What never happens is not tested."""
    happened: Counter[str] = Counter()
    for seed in range(SEEDS):
        happened += simulate(seed)
        if all(happened[name] for name in (*FAULTS, *ENDINGS)):
            return
    missing = [name for name in (*FAULTS, *ENDINGS) if not happened[name]]
    pytest.fail(f"never seen: {missing}")


# ── it can fail ─────────────────────────────────────────────────────────────────────────────────────────────────────

Patch = pytest.MonkeyPatch


def publish_before_append(patch: Patch) -> None:
    begin = Sequencer.begin

    async def early(self: SequencerHost) -> None:
        work = begin(self._sequencer, self._clock.now())
        if work.batch:
            self._publish(work.batch)
            await self._log.append(work.batch)
            work.answers[:] = self._sequencer.committed()
        self._audience.on_answers(work.answers)
        self._sequencer.published(self._clock.now())

    patch.setattr(SequencerHost, "_commit", early)


def answer_before_append(patch: Patch) -> None:
    async def early(self: SequencerHost) -> None:
        work = self._sequencer.begin(self._clock.now())
        self._audience.on_answers(work.answers or self._sequencer._in_flight)
        if work.batch:
            await self._log.append(work.batch)
            self._publish(work.batch)
            self._sequencer.committed()
        self._sequencer.published(self._clock.now())

    patch.setattr(SequencerHost, "_commit", early)


def skip_failed(patch: Patch) -> None:
    patch.setattr(Sequencer, "failed", lambda _self: [])


def forget_whom_failed_refused(patch: Patch) -> None:
    failed = Sequencer.failed

    def silent(self: Sequencer[Any]) -> list[Answer[Any]]:
        failed(self)
        return []

    patch.setattr(Sequencer, "failed", silent)


def acknowledge_what_failed(patch: Patch) -> None:
    resume = Sequencer.resume

    def trusting(self: Sequencer[Any], engine: Any) -> list[Answer[Any]]:
        answers = self._in_flight.copy()
        resume(self, engine)
        return answers

    patch.setattr(Sequencer, "resume", trusting)


def keep_the_engine(patch: Patch) -> None:
    resume = Sequencer.resume
    patch.setattr(Sequencer, "resume", lambda self, _fresh: resume(self, self.engine))


def let_late_writes_land(patch: Patch) -> None:
    patch.setattr(Disk, "fence", lambda self, after: self._world.store.fence(after))


def recover_silently(patch: Patch) -> None:
    publish = SequencerHost._publish

    def silent(self: SequencerHost, batch: EventBatch) -> None:
        if self._sequencer.phase is SequencerPhase.SUSPENDED:
            self._published = batch.number
        else:
            publish(self, batch)

    patch.setattr(SequencerHost, "_publish", silent)


def stay_degraded(patch: Patch) -> None:
    on_mode = Hub.on_mode

    def gloomy(self: Hub, mode: Mode) -> None:
        if mode is Mode.DEGRADED:
            on_mode(self, mode)

    patch.setattr(Hub, "on_mode", gloomy)


def drop_a_catch_up(patch: Patch) -> None:
    patch.setattr(Hub, "catch_up", lambda _self, _connection: None)


def believe_in_a_catch_up(patch: Patch) -> None:
    def skipped(self: Hub, connection: Connection) -> None:
        connection.position = self.state.seq

    patch.setattr(Hub, "catch_up", skipped)


def never_flush_acks(patch: Patch) -> None:
    def silent(_self: Hub, answers: Sequence[Answer[Ticket]]) -> None:
        for answer in answers:
            answer.ticket.resolve(answer)

    patch.setattr(Hub, "on_answers", silent)


def answer_twice(patch: Patch) -> None:
    on_answers = Hub.on_answers

    def eager(self: Hub, answers: Sequence[Answer[Ticket]]) -> None:
        on_answers(self, [answer for answer in answers for _ in range(2)])

    patch.setattr(Hub, "on_answers", eager)


def send_two_at_once(patch: Patch) -> None:
    patch.setattr(Outbound, "idle", property(lambda self: not self._queue))


def join_without_catching_up(patch: Patch) -> None:
    join = Hub.join

    def hasty(self: Hub, connection: Connection) -> None:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Connection, "send_stream", lambda _self, _event, _after: None)
            join(self, connection)

    patch.setattr(Hub, "join", hasty)


MUTATIONS: tuple[Callable[[Patch], None], ...] = (
    publish_before_append,
    answer_before_append,
    skip_failed,
    forget_whom_failed_refused,
    acknowledge_what_failed,
    keep_the_engine,
    let_late_writes_land,
    recover_silently,
    stay_degraded,
    drop_a_catch_up,
    believe_in_a_catch_up,
    never_flush_acks,
    answer_twice,
    send_two_at_once,
    join_without_catching_up,
)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_host_or_hub_is_found_out(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    with pytest.raises(Violation):
        run_seeds(range(2 * BLOCK))
