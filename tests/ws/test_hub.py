"""The hub: everybody is at the head of the stream, or on the way there."""

from __future__ import annotations

import asyncio

import pytest

from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ReasonCode
from pixels_core.protocol.close_codes import CloseCode
from pixels_core.protocol.messages import (
    IDLE_TIMEOUT_MS,
    SUBPROTOCOL_BINARY,
    HeartbeatReply,
    Mode,
    ModerationLock,
    ModerationNotice,
    PixelAck,
    PixelBulkUpdate,
    Role,
)
from pixels_core.rules.commands import Actor, ChangePause, LockRegion, PostNotice
from pixels_core.rules.effects import Accepted, Refused
from tests.support.builders import IDENTITY, SMALL
from tests.ws.fake_socket import eventually
from tests.ws.world import MODERATOR, World


async def paint(world: World, count: int, first: int = 1) -> None:
    """Have somebody place pixels, each as a batch of its own."""
    painter = await world.connect("painter")
    for request in range(first, first + count):
        world.clock.advance(60)
        painter.place(request, request % SMALL.width, request % SMALL.height, request % 32)
        assert await painter.answered(request) is None
    painter.hang_up()
    await painter.serving


async def test_a_newcomer_is_told_everything_about_the_canvas(world: World) -> None:
    client = await world.connect("ada")
    (state,) = client.states
    assert (state.canvas, state.epoch, state.seq, state.checksum) == ("main", IDENTITY.epoch, 0, 0)
    assert (state.width, state.height) == (SMALL.width, SMALL.height)
    assert state.mode is Mode.RELOAD
    assert len(state.palette) == 32
    assert state.limits.burst == 200
    assert (state.you.user, state.you.role, state.you.tokens) == ("ada", Role.PAINTER, 200)


async def test_a_returning_user_is_told_what_the_bucket_holds(world: World) -> None:
    """[PLACE-3] Each user's own."""
    client = await world.connect("ada")
    client.place(1)
    await client.answered(1)
    assert (await world.connect("ada")).states[0].you.tokens == 199
    assert (await world.connect("bea")).states[0].you.tokens == 200


async def test_a_placement_reaches_everybody_and_is_acknowledged(world: World) -> None:
    """[STR-1] [REQ-1] In both encodings; the painter sees it before its ack."""
    ada, bea = await world.connect("ada"), await world.connect("bea", subprotocols=[SUBPROTOCOL_BINARY])
    ada.place(5, 1, 2, 3)
    assert await ada.answered(5) is None
    await eventually(lambda: bea.updates)
    expected = PixelBulkUpdate(first=1, seq=1, pixels=((1, 2, 3),))
    assert ada.messages[1:] == [expected, PixelAck(id=5, seq=1)]
    assert bea.messages[1:] == [expected]


@pytest.mark.parametrize(
    ("since", "mode", "span"),
    [(0, Mode.CATCHING_UP, (1, 5)), (3, Mode.CATCHING_UP, (4, 5)), (5, Mode.LIVE, None), (6, Mode.RELOAD, None)],
)
async def test_a_returning_client_gets_exactly_what_it_misses(
    world: World, since: int, mode: Mode, span: tuple[int, int] | None
) -> None:
    """[STR-2] In one frame, or a clear reload."""
    await paint(world, 5)
    client = await world.connect("ada", f"since={since}&epoch={IDENTITY.epoch}")
    assert client.states[0].mode is mode
    if span:
        await eventually(lambda: client.updates)
    assert [(update.first, update.seq) for update in client.updates] == ([span] if span else [])


async def test_another_epoch_means_reload(world: World) -> None:
    """[STR-2] [SYNC-7] A seq of another log means nothing here."""
    await paint(world, 2)
    client = await world.connect("ada", "since=1&epoch=another")
    assert [state.mode for state in client.states] == [Mode.RELOAD]
    assert client.updates == []


async def test_a_slow_socket_gets_one_merged_frame_and_nobody_waits_for_it(world: World) -> None:
    """[SOCK-5] [STR-2] [SOCK-7] Afterwards it has every seq exactly once, in order."""
    slow, quick = await world.connect("slow"), await world.connect("quick")
    slow.stalled = True
    await paint(world, 20)
    assert [update.seq for update in quick.updates] == list(range(1, 21))
    assert slow.updates == []
    slow.resume()
    await eventually(lambda: slow.updates and slow.updates[-1].seq == 20)
    assert [(update.first, update.seq) for update in slow.updates] == [(1, 1), (2, 20)]
    await paint(world, 1, first=100)
    await eventually(lambda: slow.updates[-1].seq == 21)
    assert slow.most_in_flight == 1


async def test_a_socket_that_lagged_out_of_the_window_reloads(world: World) -> None:
    """[STR-2] [STR-3] The window is ten minutes; what is older cannot be resumed."""
    slow = await world.connect("slow")
    slow.stalled = True
    await paint(world, 2)
    world.clock.advance(601_000)
    await paint(world, 1, first=10)
    slow.resume()
    await eventually(lambda: len(slow.states) == 2)
    assert slow.states[-1].mode is Mode.RELOAD
    assert slow.states[-1].seq == 3
    await paint(world, 1, first=20)
    await eventually(lambda: slow.updates[-1].first == 4)


async def test_a_heartbeat_is_answered_with_the_head(world: World) -> None:
    """[SUM-1] Seq and checksum belong together."""
    client = await world.connect()
    client.place(1, 3, 3, 7)
    await client.answered(1)
    client.say({"type": "heartbeat", "t": 123})
    await eventually(lambda: client.of(HeartbeatReply))
    (reply,) = client.of(HeartbeatReply)
    assert (reply.t, reply.server_time, reply.seq, reply.online) == (123, world.clock.now(), 1, 1)
    assert reply.checksum == world.hub.state.canvas.checksum != 0


async def test_moderation_is_streamed_and_the_state_shown_again(world: World) -> None:
    """[MOD-1] [MOD-2] [STR-1] Also to sockets that lag: they miss the message, not the state."""
    client, slow = await world.connect("ada"), await world.connect("slow")
    slow.stalled = True
    slow.say({"type": "heartbeat", "t": 1})
    lock = LockRegion(actor=MODERATOR, reason="art", lock_id="l1", rect=Rect(0, 0, 4, 4))
    await asyncio.sleep(0.01)
    assert await world.execute(lock) == Accepted(1)
    await eventually(lambda: len(client.states) == 2)
    assert [message.seq for message in client.of(ModerationLock)] == [1]
    assert client.states[-1].locks[0].id == "l1"
    client.place(1, 1, 1, 1)
    reject = await client.answered(1)
    assert reject is not None
    assert reject.reason is ReasonCode.LOCKED
    slow.resume()
    await eventually(lambda: len(slow.states) == 2 and slow.updates)
    assert slow.states[-1].locks[0].id == "l1"
    assert (slow.updates[-1].first, slow.updates[-1].seq, slow.updates[-1].pixels) == (1, 1, ())


async def test_pixels_and_moderation_of_one_batch_stay_in_order(world: World) -> None:
    """[SOCK-7] [STR-1] What comes before and after is told as such."""
    client = await world.connect()
    world.log.pace.clear()
    client.place(1)
    await eventually(lambda: world.log.attempts)
    client.place(2)
    await asyncio.sleep(0.01)
    notice = asyncio.create_task(world.execute(PostNotice(actor=MODERATOR, text="Hello")))
    await asyncio.sleep(0.01)
    client.place(3)
    await asyncio.sleep(0.01)
    world.log.pace.set()
    assert await notice == Accepted(3)
    await client.answered(3)
    stream = [m for m in client.messages if isinstance(m, PixelBulkUpdate | ModerationNotice)]
    assert [message.seq for message in stream] == [1, 2, 3, 4]


async def test_moderation_that_is_refused(world: World) -> None:
    """[MOD-1] Nothing is streamed."""
    painter = Actor(user="eve", role=Role.PAINTER)
    verdict = await world.execute(ChangePause(actor=painter, paused=True))
    assert isinstance(verdict, Refused)
    assert verdict.reason is ReasonCode.FORBIDDEN
    assert world.hub.state.seq == 0


@pytest.mark.usefixtures("quick_retries")
async def test_degraded_and_back(world: World) -> None:
    """[SEQ-4] Sockets stay open, everybody is told, placements are refused, and service resumes by itself."""
    client, watcher = await world.connect("ada"), await world.connect("bea")
    client.place(1)
    await client.answered(1)
    world.log.refuse_writes = True
    client.place(2)
    await eventually(lambda: watcher.states[-1].mode is Mode.DEGRADED)
    assert world.hub.mode is Mode.DEGRADED
    client.place(3)
    reject = await client.answered(3)
    assert reject is not None
    assert reject.reason is ReasonCode.UNAVAILABLE
    newcomer = await world.connect("cy")
    await eventually(lambda: len(newcomer.states) == 2)
    assert [state.mode for state in newcomer.states] == [Mode.RELOAD, Mode.DEGRADED]
    returning = await world.connect("dee", f"since=0&epoch={IDENTITY.epoch}")
    await eventually(lambda: returning.updates)
    assert [state.mode for state in returning.states] == [Mode.DEGRADED]
    world.log.refuse_writes = False
    await eventually(lambda: watcher.states[-1].mode is Mode.LIVE)
    assert await client.answered(2) is not None
    client.place(2)
    client.place(3)
    await eventually(lambda: client.acked == [1, 2, 3])
    assert {c.close_code for c in (client, watcher, newcomer, returning)} == {None}


@pytest.mark.usefixtures("quick_retries")
async def test_a_change_found_in_the_log_is_streamed_once(world: World) -> None:
    """[SEQ-3] [STR-2] Its answer was lost, so everybody hears of it after the log was read again."""
    client, watcher = await world.connect("ada"), await world.connect("bea")
    world.log.lose_answers = True
    client.place(1)
    await eventually(lambda: world.hub.mode is Mode.DEGRADED)
    world.log.lose_answers = False
    assert await client.answered(1) is None
    client.place(2)
    assert await client.answered(2) is None
    assert [(update.first, update.seq) for update in watcher.updates] == [(1, 1), (2, 2)]


async def test_a_silent_socket_is_closed(world: World) -> None:
    """[SOCK-6] After 45 seconds, and not a moment earlier; any message counts."""
    silent, lively = await world.connect("ada"), await world.connect("bea")
    world.clock.advance(IDLE_TIMEOUT_MS)
    lively.say({"type": "heartbeat", "t": 1})
    await eventually(lambda: lively.of(HeartbeatReply))
    world.hub.sweep(world.clock.now(), 30_000)
    assert world.hub.online == 2
    world.clock.advance(1)
    world.hub.sweep(world.clock.now(), 30_000)
    await eventually(lambda: silent.close_code)
    assert silent.close_code == CloseCode.IDLE
    assert world.hub.online == 1


async def test_a_socket_whose_session_ended_is_closed(world: World) -> None:
    """[SOCK-6] [SES-1] It may come back with another."""
    client = await world.connect()
    world.clock.advance(3_600_000)
    client.say({"type": "heartbeat", "t": 1})
    await eventually(lambda: client.of(HeartbeatReply))
    world.hub.sweep(world.clock.now(), 30_000)
    await eventually(lambda: client.close_code)
    assert client.close_code == CloseCode.EXPIRED


async def test_a_stalled_socket_is_closed(world: World) -> None:
    """[SOCK-5] Once it was seen to take nothing for as long as the settings say."""
    client = await world.connect()
    client.stalled = True
    client.place(1)
    await eventually(lambda: world.hub.state.seq == 1)
    world.hub.sweep(world.clock.now(), 2_000)
    world.clock.advance(1_999)
    world.hub.sweep(world.clock.now(), 2_000)
    assert world.hub.online == 1
    world.clock.advance(1)
    world.hub.sweep(world.clock.now(), 2_000)
    client.resume()
    await eventually(lambda: client.close_code)
    assert client.close_code == CloseCode.SLOW_CONSUMER


async def test_a_busy_moment_after_a_long_silence_is_no_stall(world: World) -> None:
    """[SOCK-5] What counts is how long a send takes, not when the last one was."""
    client = await world.connect()
    world.clock.advance(40_000)
    client.stalled = True
    client.say({"type": "heartbeat", "t": 1})
    await asyncio.sleep(0.01)
    world.hub.sweep(world.clock.now(), 30_000)
    client.resume()
    await eventually(lambda: client.of(HeartbeatReply))
    assert client.close_code is None


async def test_everybody_can_be_sent_away(world: World) -> None:
    """[SOCK-8] With the code that says: come back in a moment."""
    clients = [await world.connect(user) for user in ("ada", "bea", "cy")]
    world.hub.close_all(ReasonCode.SHUTTING_DOWN)
    async with asyncio.timeout(2):
        await world.hub.emptied()
    await eventually(lambda: all(client.close_code for client in clients))
    assert {client.close_code for client in clients} == {CloseCode.SERVICE_RESTART}


async def test_what_the_rest_tier_asks(world: World) -> None:
    await paint(world, 3)
    assert world.hub.placed_since(0) == 3
    assert world.hub.online == 0
    assert world.hub.state.seq == 3


async def test_verdicts_and_sockets_are_counted(world: World) -> None:
    client = await world.connect()
    client.place(1)
    client.place(2, x=999)
    await client.answered(1)
    await client.answered(2)

    def value(name: str, **labels: str) -> float | None:
        return world.registry.get_sample_value(name, labels)

    assert value("pixels_sockets_open") == 1
    assert value("pixels_placements_total", verdict="accepted") == 1
    assert value("pixels_placements_total", verdict="out_of_bounds") == 1
    world.hub.close_all(ReasonCode.IDLE)
    await client.serving
    assert value("pixels_sockets_closed_total", reason="idle") == 1
    assert value("pixels_sockets_open") == 0
