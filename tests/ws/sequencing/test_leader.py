"""Candidates for sequencing: one leads, and whatever happens to it, the log holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.hosting.clock import SteadyClock
from pixels_core.adapters.hosting.tasks import cancel_and_wait
from pixels_core.adapters.redis.bus import MAX_ENTRY, START
from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ReasonCode, StoreUnavailable
from pixels_core.log.sequencer import MAX_BATCH
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, LockRegion, PostNotice
from pixels_core.rules.effects import Accepted, Refused
from pixels_core.rules.engine import Engine
from pixels_core.rules.events import EventBatch
from pixels_core.rules.state import CanvasState
from pixels_ws.sequencing import leader as leader_module
from pixels_ws.sequencing.leader import Leader
from tests.support.builders import read_all
from tests.ws.bus_world import (
    ADA,
    BusWorld,
    ManualClock,
    bus_world,
    eventually,
    pixel,
    running,
)
from tests.ws.world import FaultyLog


@pytest.fixture
async def world(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BusWorld]:
    """Return a world in which leases are short."""
    monkeypatch.setattr(leader_module, "LEASE_MS", 600)
    monkeypatch.setattr(leader_module, "RENEW_MS", 150)
    async with bus_world(redis) as opened:
        yield opened


async def leading(*candidates: Leader) -> Leader:
    await eventually(lambda: any(candidate.leading for candidate in candidates))
    return next(candidate for candidate in candidates if candidate.leading)


async def test_commands_are_decided_committed_and_answered(world: BusWorld) -> None:
    async with running(world.leader().run()):
        verdicts = await world.ask(pixel(1), pixel(2), pixel(3, color=250))
        assert verdicts[0] == Accepted(1)
        assert verdicts[1] == Accepted(2)
        assert isinstance(verdicts[2], Refused)
        assert verdicts[2].reason is ReasonCode.BAD_COLOR
        assert [batch.last_seq for batch in await read_all(world.log)] == [2]
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
        assert await world.ask(pixel(3, color=250)) == {0: verdicts[2]}


async def test_only_one_leads(world: BusWorld) -> None:
    """[DIST-1] Of many candidates."""
    candidates = [world.leader() for _ in range(3)]
    async with running(*(candidate.run() for candidate in candidates)):
        await leading(*candidates)
        await asyncio.sleep(1)
        assert sum(candidate.leading for candidate in candidates) == 1


async def test_a_batch_decides_on_whole_entries(world: BusWorld) -> None:
    """[DIST-7] So no verdict that is out is ever decided on again; not even with more than one batch can take."""
    people = [Actor(user=f"u{n}", role=Role.PAINTER) for n in range(60)]
    for number, person in enumerate(people):
        await world.bus.send_commands(f"n{number % 3}", [(n, pixel(n, actor=person)) for n in range(MAX_ENTRY)])
    positions = [entry.position for entry in await world.bus.read_inbox(START, 100, 0)]
    async with running(world.leader().run()):
        await eventually(lambda: world.redis.do("GET", "pixels:{main}:position") == positions[-1].encode())
    batches = await read_all(world.log)
    assert sum(len(batch.events) for batch in batches) == len(people) * MAX_ENTRY > 2 * MAX_BATCH
    for batch in batches:
        assert len(batch.events) % MAX_ENTRY == 0


async def test_what_came_during_a_slow_commit_is_in_the_next(world: BusWorld) -> None:
    """[SEQ-5] All of it, however many entries: else a log that takes its time would fall behind for ever."""
    async with running(world.leader().run()):
        await world.ask(pixel(0))
        world.log.pace.clear()
        await world.bus.send_commands("n", [(1, pixel(1))])
        await eventually(lambda: world.log.attempts == 2)
        for number in range(2, 150):
            await world.bus.send_commands("n", [(number, pixel(number))])
        world.log.pace.set()
        await world.verdicts("n", 149)
    assert [len(batch.events) for batch in await read_all(world.log)] == [1, 1, 148]


async def test_a_leader_that_stops_hands_over_at_once(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-6] Long before its lease ends."""
    monkeypatch.setattr(leader_module, "LEASE_MS", 60_000)
    first, second = world.leader(), world.leader()
    async with running(first.run(), second.run()) as tasks:
        found = await leading(first, second)
        other = second if found is first else first
        found.stop()
        await leading(other)
        await asyncio.wait_for(tasks[[first, second].index(found)], 1)
        assert await world.ask(pixel(1)) == {0: Accepted(1)}


async def test_verdicts_that_died_with_their_leader_are_given_by_the_next(world: BusWorld) -> None:
    """[DIST-3] [REQ-2] It had committed and said nothing: the next acknowledges, and applies nothing twice."""
    doomed = world.leader()

    async def committed_and_gone(batch: EventBatch) -> None:
        await FaultyLog.append(world.log, batch)
        await asyncio.sleep(60)

    world.log.append = committed_and_gone  # type: ignore[method-assign]
    async with running(doomed.run()):
        await leading(doomed)
        await world.bus.send_commands("n", [(1, pixel(1)), (2, pixel(2, color=250))])
        await eventually(lambda: world.log._head == (1, 1))
    del world.log.append
    async with running(world.leader().run()):
        verdicts = await world.verdicts("n", 2)
        assert verdicts[1] == Accepted(1)
        assert isinstance(verdicts[2], Refused)
        assert len(await read_all(world.log)) == 1


async def test_moderation_that_nobody_was_told_of_is_not_done_again(world: BusWorld) -> None:
    """[DIST-3] [REC-3] The next leader tells of it; who asks for the same once more gets it once more."""
    mod = Actor(user="mod", role=Role.MODERATOR)
    notice = PostNotice(actor=mod, text="Hello")
    doomed = world.leader()

    async def committed_and_gone(batch: EventBatch) -> None:
        await FaultyLog.append(world.log, batch)
        await asyncio.sleep(60)

    async with running(doomed.run()):
        await leading(doomed)
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
        world.log.append = committed_and_gone  # type: ignore[method-assign]
        lock = LockRegion(actor=mod, lock_id="a", rect=Rect(4, 4, 2, 2))
        await world.bus.send_commands("n", [(1, lock), (2, notice), (3, notice), (4, pixel(2))])
        await eventually(lambda: world.log._head == (2, 5))
    del world.log.append
    async with running(world.leader().run()):
        told = {number: Accepted(number + 1) for number in (1, 2, 3, 4)}
        assert await world.verdicts("n", 4) == told
        assert len(await read_all(world.log)) == 2
        assert await world.ask(notice) == {0: Accepted(6)}
    async with running(world.leader().run()):
        assert await world.ask(notice) == {0: Accepted(7)}


async def test_a_leader_that_was_stopped_cannot_commit(world: BusWorld) -> None:
    """[DIST-2] [LOG-2] Its lease ran out while it wrote; another has written that batch, and its verdicts count."""
    stopped_log = FaultyLog()
    stopped_log.__dict__.update({**world.log.__dict__, "pace": asyncio.Event(), "_entries": world.log._entries})
    stopped = world.leader(log=stopped_log)
    async with running(stopped.run()):
        await leading(stopped)
        await world.bus.send_commands("n", [(1, pixel(1))])
        await eventually(lambda: stopped_log.attempts)
        world.redis.do("DEL", "pixels:{main}:lease")
        async with running(world.leader().run()):
            assert await world.verdicts("n", 1) == {1: Accepted(1)}
            stopped_log.__dict__.update({k: v for k, v in world.log.__dict__.items() if k.startswith("_")})
            stopped_log.pace.set()
            await eventually(lambda: not stopped.leading)
            assert await world.ask(pixel(2)) == {0: Accepted(2)}
    assert [batch.number for batch in await read_all(world.log)] == [1, 2]


async def test_a_lost_lease_ends_the_term_before_anything_is_published(world: BusWorld) -> None:
    """[DIST-2] Nobody hears of it from the one who lost it; what it had committed stands."""
    leader = world.leader()
    async with running(leader.run()):
        await leading(leader)
        term = leader._lease.term
        world.log.pace.clear()
        await world.bus.send_commands("n", [(1, pixel(1))])
        await eventually(lambda: world.log.attempts)
        world.redis.do("SET", "pixels:{main}:lease", "somebody else", "PX", 500)
        world.log.pace.set()
        await eventually(lambda: not leader.leading)
        assert world.redis.do("EXISTS", "pixels:{main}:replies:n") == 0
        assert await world.verdicts("n", 1) == {1: Accepted(1)}
        assert leader._lease.term > term


async def test_a_flush_loses_nothing(world: BusWorld) -> None:
    """[DIST-4] Position, lease and inbox are gone; whoever asks again is answered."""
    async with running(world.leader().run()):
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
        await asyncio.to_thread(world.redis.flush)
        assert await world.ask(pixel(1), pixel(2)) == {0: Accepted(1), 1: Accepted(2)}


async def test_a_stream_that_begins_anew_with_smaller_ids_is_read(world: BusWorld) -> None:
    """[DIST-4] As after a flush on a Redis whose clock was set back."""
    async with running(world.leader().run()):
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
        world.redis.do("DEL", "pixels:{main}:inbox")
        world.redis.do("XADD", "pixels:{main}:inbox", "5-0", "n", "n", "c", "nonsense")
        assert await world.ask(pixel(2)) == {0: Accepted(2)}


async def test_entries_that_make_no_sense_are_passed_over(world: BusWorld) -> None:
    await world.bus.send_commands("n", [(n, pixel(n)) for n in range(MAX_ENTRY + 1)])
    world.redis.do("XADD", "pixels:{main}:inbox", "*", "n", "n", "c", "nonsense")
    world.redis.do("XADD", "pixels:{main}:inbox", "*", "x", "y")
    async with running(world.leader().run()):
        assert await world.ask(pixel(1)) == {0: Accepted(1)}


async def test_commands_that_waited_too_long_are_passed_over(
    world: BusWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[DIST-7] Their askers have asked again or given up."""
    monkeypatch.setattr(leader_module, "ENTRY_LIFE_MS", 300)
    await world.bus.send_commands("n", [(1, pixel(1))])
    await asyncio.sleep(0.5)
    async with running(world.leader().run()):
        assert await world.ask(pixel(2)) == {0: Accepted(1)}
    assert sum(len(batch.events) for batch in await read_all(world.log)) == 1


async def test_clocks_of_nodes_may_differ(world: BusWorld) -> None:
    """[DIST-8] By ages: moments come from Redis, so a takeover gives nobody tokens, and the log keeps its order."""
    early, late = world.leader(ManualClock(1_000)), world.leader(ManualClock(4_000_000_000_000))
    async with running(early.run()) as tasks:
        await leading(early)
        await world.ask(pixel(1))
        early.stop()
        await asyncio.wait_for(tasks[0], 2)
    async with running(late.run()):
        await leading(late)
        await world.ask(pixel(2))
    now = await world.bus.now()
    times = [batch.time for batch in await read_all(world.log)]
    assert times == sorted(times)
    assert all(now - 15_000 < time <= now for time in times)


async def test_a_bus_whose_clock_is_set_back_stops_nothing(world: BusWorld) -> None:
    """[DIST-8] [DIST-7] [PLACE-3] By a minute, while somebody leads and before: nobody is passed over or frozen."""
    clock = SteadyClock()
    async with running(world.leader(clock).run()) as tasks:
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
        clock.at_least(clock.now() + 60_000)  # seen from here, the bus falls back
        assert await world.ask(pixel(2)) == {0: Accepted(2)}
        assert await world.ask(pixel(3)) == {0: Accepted(3)}
        await cancel_and_wait(*tasks)
    assert (await read_all(world.log))[-1].time > await world.bus.now() + 50_000
    async with running(world.leader().run()):
        refused: list[Refused] = []
        for start in range(100, 500, 100):
            verdicts = await world.ask(*(pixel(start + n) for n in range(100)))
            refused += [verdict for verdict in verdicts.values() if isinstance(verdict, Refused)]
        await asyncio.sleep((refused[-1].retry_after_ms or 0) / 1000)
        assert isinstance((await world.ask(pixel(900)))[0], Accepted)
    times = [batch.time for batch in await read_all(world.log)]
    assert times == sorted(times)


async def test_limits_survive_a_takeover(world: BusWorld) -> None:
    """[DIST-8] [PLACE-3] A new leader is no way to a full bucket."""
    first = world.leader()
    async with running(first.run()) as tasks:
        verdicts: dict[int, Accepted | Refused] = {}
        for start in (0, 100):
            verdicts.update(await world.ask(*(pixel(start + n) for n in range(100))))
        assert all(isinstance(verdict, Accepted) for verdict in verdicts.values())
        first.stop()
        await asyncio.wait_for(tasks[0], 2)
    async with running(world.leader().run()):
        verdicts = await world.ask(*(pixel(300 + n) for n in range(100)))
        refused = [verdict for verdict in verdicts.values() if isinstance(verdict, Refused)]
        assert len(refused) > 20
        assert {verdict.reason for verdict in refused} == {ReasonCode.RATE_LIMITED}


async def test_a_log_that_cannot_be_written_gives_no_sign_of_life(world: BusWorld) -> None:
    """[DIST-5] [SEQ-4] Although it can be read; and it is led again by itself."""
    world.log.refuse_writes = True
    leader = world.leader()
    async with running(leader.run()):
        await asyncio.sleep(0.8)
        assert not leader.leading
        assert world.redis.do("EXISTS", "pixels:{main}:outbox") == 0
        world.log.refuse_writes = False
        assert await world.ask(pixel(1)) == {0: Accepted(1)}


async def test_an_append_whose_answer_was_lost(world: BusWorld) -> None:
    """[SEQ-3] The next term reads the log, and acknowledges what it holds."""
    async with running(world.leader().run()):
        world.log.lose_answers = True
        await world.bus.send_commands("n", [(1, pixel(1))])
        await eventually(lambda: world.log._head == (1, 1))
        world.log.lose_answers = False
        assert await world.verdicts("n", 1) == {1: Accepted(1)}
    assert len(await read_all(world.log)) == 1


class LateLog(FaultyLog):
    """A log to which the first append stays under way when its writer gives up."""

    def __init__(self, *, lands_in_between: bool) -> None:
        super().__init__()
        self.late: EventBatch | None = None
        self._lands_in_between = lands_in_between

    async def append(self, batch: EventBatch) -> None:
        if self.attempts == 0:
            self.attempts, self.late = 1, batch
            raise StoreUnavailable
        await super().append(batch)

    async def fence(self, after: int) -> None:
        if self.late and self._lands_in_between:
            batch, self.late = self.late, None
            await FaultyLog.append(self, batch)
        await super().fence(after)
        self.late = None


@pytest.mark.parametrize("lands_in_between", [False, True])
async def test_an_append_that_is_still_under_way(world: BusWorld, *, lands_in_between: bool) -> None:
    """[DIST-13] [REQ-2] It lands before the next term begins, or never: nothing is placed twice or denied."""
    world.log = log = LateLog(lands_in_between=lands_in_between)
    async with running(world.leader().run()):
        await world.bus.send_commands("n", [(1, pixel(1)), (2, pixel(2, color=250))])
        verdicts = await world.verdicts("n", 2)
        assert verdicts[1] == Accepted(1)
        assert isinstance(verdicts[2], Refused)
        assert log.late is None, "the next term fenced it"
        assert await world.ask(pixel(1), pixel(2)) == {0: Accepted(1), 1: Accepted(2)}
    assert [batch.number for batch in await read_all(log)] == [1, 2]


async def test_an_error_that_is_none_of_ours_ends_it(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-9] Loudly: a leader that is silently gone would be missed by nobody."""

    async def broken(_batch: EventBatch) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.log, "append", broken)
    async with running(world.leader().run()) as tasks:
        await world.bus.send_commands("n", [(1, pixel(1))])
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(tasks[0], 5)
    assert world.redis.do("EXISTS", "pixels:{main}:lease") == 0


async def test_nobody_leads_where_another_log_is(world: BusWorld) -> None:
    """[DIST-16] Commands on that bus are for another canvas."""
    world.redis.do("SET", "pixels:{main}:log", "another epoch", "PX", 1_000)
    leader = world.leader()
    await world.bus.send_commands("n", [(0, pixel(1))])
    async with running(leader.run()):
        await asyncio.sleep(0.5)
        assert not leader.leading
        assert world.log.attempts == 0
        assert await world.verdicts("n", 1) == {0: Accepted(1)}, "when the others are gone, it leads"


async def test_a_long_history_does_not_cost_the_lease(world: BusWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-1] [DIST-3] To learn it takes longer than a lease lasts; it is renewed meanwhile."""

    def learned_slowly(state: CanvasState, recent: list[EventBatch], told: int | None) -> Engine:
        time.sleep(2.5 * leader_module.LEASE_MS / 1000)
        return Engine(state, recent, told)

    monkeypatch.setattr(leader_module, "Engine", learned_slowly)
    async with running(world.leader().run()):
        assert await world.ask(pixel(1)) == {0: Accepted(1)}
    assert world.redis.do("GET", "pixels:{main}:lease:term") == b"1"


async def test_a_snapshot_for_the_api_is_kept(world: BusWorld) -> None:
    async with running(world.leader().run()):
        await world.ask(pixel(1))
        await eventually(lambda: world.redis.do("HGET", "pixels:{main}:snapshot", "seq") == b"1")
        assert await world.bus.snapshot(newer_than=0) is not None
        assert await world.bus.snapshot(newer_than=1) is None


async def test_a_leader_without_redis_waits(own_redis: RedisServer) -> None:
    """[DIST-5]"""
    async with bus_world(own_redis) as world:
        leader = world.leader()
        async with running(leader.run()):
            await leading(leader)
            await asyncio.to_thread(own_redis.kill)
            await eventually(lambda: not leader.leading)
            await asyncio.to_thread(own_redis.start)
            assert await world.ask(pixel(1, actor=ADA)) == {0: Accepted(1)}
