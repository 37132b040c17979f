from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pixels_core.canvas.canvas import Canvas
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.protocol.messages import (
    IDLE_TIMEOUT_MS,
    RETAINED_MS,
    HeartbeatReply,
    Mode,
    ModerationNotice,
    ModerationRewind,
    PixelAck,
    PixelBulkUpdate,
    PixelReject,
)
from pixels_core.sync import (
    Answered,
    CanvasBitmap,
    Changed,
    FetchSnapshot,
    Lost,
    Placed,
    Reconnect,
    Rejected,
    Reloaded,
    SendHeartbeat,
    SendPlacement,
    SyncClient,
    SyncPhase,
)
from pixels_core.sync.client import FETCH_RETRY_MS, FETCH_TIMEOUT_MS, STATE_TIMEOUT_MS
from pixels_core.sync.pending import ANSWER_TIMEOUT_MS
from pixels_core.sync.replica import MAX_HELD_WEIGHT
from tests.support.sync_world import SIZE, World, state_message

FIRST = 1000


def bitmap(seq: int = 0, epoch: str = "e1", *cells: tuple[int, int, int]) -> CanvasBitmap:
    canvas = Canvas(SIZE)
    canvas.update((SIZE.cell(x, y), color) for x, y, color in cells)
    return CanvasBitmap(epoch, seq, SIZE, bytes(canvas))


def update(first: int, seq: int, *cells: tuple[int, int, int]) -> PixelBulkUpdate:
    return PixelBulkUpdate(first=first, seq=seq, pixels=cells)


def reply(seq: int, checksum: int, t: int = 0) -> HeartbeatReply:
    return HeartbeatReply(t=t, server_time=0, seq=seq, checksum=checksum, online=1)


def live(seq: int = 0) -> SyncClient:
    """Return a client in step at `seq`, its actions drained."""
    client = SyncClient(FIRST)
    client.snapshot(bitmap(seq), 0)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), seq=seq), 0)
    client.actions()
    assert client.phase is SyncPhase.LIVE
    return client


def sent(client: SyncClient) -> list[int]:
    return [action.update.id for action in client.actions() if isinstance(action, SendPlacement)]


# ── starting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_client_asks_for_a_connection() -> None:
    client = SyncClient(FIRST)
    assert client.phase is SyncPhase.OFFLINE
    assert client.actions() == [Reconnect(None, None)]
    assert client.actions() == []
    assert (client.seq, client.epoch, client.checksum, client.size, client.confirmed) == (0, None, 0, None, None)
    assert client.color_at(3, 3) == 0


def test_the_stream_waits_for_the_bitmap() -> None:
    """[SYNC-1] What came while the bitmap was fetched is applied to it, where it is newer."""
    client = SyncClient(FIRST)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), seq=5, mode=Mode.RELOAD), 0)
    assert client.phase is SyncPhase.LOADING
    assert client.actions() == [Reconnect(None, None), FetchSnapshot()]
    client.receive(update(6, 7, (1, 1, 4)), 0)
    client.receive(update(8, 8, (2, 2, 5)), 0)
    client.snapshot(bitmap(7, "e1", (1, 1, 4)), 0)
    assert (client.phase, client.seq) == (SyncPhase.LIVE, 8)
    assert (client.color_at(1, 1), client.color_at(2, 2)) == (4, 5)
    assert client.actions() == [Reloaded(), Changed(((2, 2, 5),))]
    assert client.statistics.duplicates == 0


def test_a_bitmap_that_was_there_first_is_resumed_from() -> None:
    client = SyncClient(FIRST)
    client.snapshot(bitmap(9), 0)
    assert client.resume == Reconnect(9, "e1")


def test_a_bitmap_older_than_the_stream_is_resumed_from() -> None:
    """[SYNC-2] Between an old bitmap and the first message kept there is a gap."""
    client = SyncClient(FIRST)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), seq=5, mode=Mode.RELOAD), 0)
    client.receive(update(6, 6, (1, 1, 1)), 0)
    client.actions()
    client.snapshot(bitmap(3), 0)
    assert client.actions() == [Reloaded(), Reconnect(3, "e1")]


def test_a_bitmap_older_than_the_reload_is_resumed_from_even_in_silence() -> None:
    """[SYNC-2] The server's word about where the stream goes on counts, too."""
    client = SyncClient(FIRST)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), seq=5, mode=Mode.RELOAD), 0)
    client.actions()
    client.snapshot(bitmap(4), 0)
    assert client.actions() == [Reloaded(), Reconnect(4, "e1")]


def test_what_is_kept_is_bounded() -> None:
    client = SyncClient(FIRST)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), seq=0, mode=Mode.RELOAD), 0)
    many = ((1, 1, 1),) * (MAX_HELD_WEIGHT // 2)
    for seq in (1, 2, 3):
        client.receive(update(seq, seq, *many), 0)
    client.actions()
    client.snapshot(bitmap(0), 0)
    assert client.actions() == [Reloaded(), Reconnect(0, "e1")]


def test_messages_before_the_first_state_wait_for_it() -> None:
    client = SyncClient(FIRST)
    client.snapshot(bitmap(0), 0)
    client.connected(0)
    request = client.place(2, 2, 3, 0)
    client.receive(update(1, 1, (2, 2, 3)), 0)
    client.receive(PixelAck(id=request, seq=1), 0)
    assert (client.phase, client.seq) == (SyncPhase.CONNECTING, 0)
    client.receive(state_message(Canvas(SIZE)), 0)
    assert client.seq == 1
    assert Answered(request, Placed(1)) in client.actions()


def test_a_bitmap_that_does_not_come_is_asked_for_again() -> None:
    client = SyncClient(FIRST)
    client.connected(0)
    client.receive(state_message(Canvas(SIZE), mode=Mode.RELOAD), 0)
    client.actions()
    client.tick(FETCH_TIMEOUT_MS - 1)
    assert FetchSnapshot() not in client.actions()
    client.tick(FETCH_TIMEOUT_MS)
    assert FetchSnapshot() in client.actions()
    client.snapshot_failed(40_000)
    client.tick(40_000 + FETCH_RETRY_MS)
    assert FetchSnapshot() in client.actions()


# ── the stream ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_changes_are_told_once() -> None:
    client = live()
    client.receive(update(1, 2, (1, 1, 3), (2, 1, 0)), 1)
    assert client.actions() == [Changed(((1, 1, 3),))], "a cell that keeps its colour has not changed"
    assert client.statistics.frames == 1


def test_a_gap_is_resumed_from() -> None:
    """[SYNC-2] A message that begins too late makes the client reconnect from its own seq."""
    client = live(5)
    client.receive(update(7, 7, (1, 1, 1)), 1)
    assert client.actions() == [Reconnect(5, "e1")]
    assert client.phase is SyncPhase.OFFLINE
    assert (client.statistics.gaps, client.statistics.resyncs) == (1, 1)
    client.receive(update(6, 6, (1, 1, 1)), 1)
    assert client.seq == 5, "the connection that was given up says nothing any more"
    client.disconnected(2)
    assert client.actions() == []
    client.connected(3)
    client.receive(state_message(Canvas(SIZE), seq=7, mode=Mode.CATCHING_UP), 3)
    client.receive(update(6, 7, (1, 1, 2)), 3)
    assert (client.seq, client.color_at(1, 1)) == (7, 2)


def test_a_repeat_changes_nothing() -> None:
    """[SYNC-3] What was applied is not applied again, also when the cell has moved on."""
    client = live()
    client.receive(update(1, 1, (1, 1, 3)), 1)
    client.receive(update(2, 2, (1, 1, 4)), 1)
    client.actions()
    client.receive(update(1, 1, (1, 1, 3)), 1)
    assert (client.seq, client.color_at(1, 1), client.actions()) == (2, 4, [])
    assert client.statistics.duplicates == 1


def test_an_overlapping_message_applies() -> None:
    """[SYNC-3] A merged message that begins earlier still leads to its seq."""
    client = live(5)
    client.receive(update(3, 8, (1, 1, 3)), 1)
    assert (client.seq, client.color_at(1, 1)) == (8, 3)


def test_moderation_moves_the_seq() -> None:
    client = live()
    client.receive(ModerationNotice(seq=1, by="m", reason="", text="hello"), 1)
    rewind = ModerationRewind(seq=2, by="m", reason="", x=0, y=0, width=2, height=2, pixels=((1, 1, 6),))
    client.receive(rewind, 1)
    assert (client.seq, client.color_at(1, 1)) == (2, 6)
    client.receive(ModerationNotice(seq=4, by="m", reason="", text=""), 1)
    assert client.statistics.gaps == 1


def test_a_state_never_moves_the_seq() -> None:
    client = live(5)
    client.receive(state_message(Canvas(SIZE), seq=9), 1)
    assert (client.seq, client.phase) == (5, SyncPhase.LIVE)
    client.receive(state_message(Canvas(SIZE), seq=9, mode=Mode.DEGRADED), 1)
    assert client.degraded
    client.receive(state_message(Canvas(SIZE), seq=9), 1)
    assert not client.degraded


def test_a_message_about_no_cell_makes_the_client_start_over() -> None:
    client = live()
    client.receive(update(1, 1, (99, 1, 1)), 1)
    assert client.actions() == [Reconnect(None, None)]
    assert client.statistics.mismatches == 1


# ── equality ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unequal_checksum_reloads() -> None:
    """[SYNC-4] The same seq and another checksum: the canvas is wrong, so it is fetched again."""
    client = live(5)
    client.receive(reply(5, checksum=1), 1)
    assert client.phase is SyncPhase.LOADING
    assert client.actions() == [FetchSnapshot()]
    client.receive(update(6, 6, (1, 1, 1)), 2)
    client.snapshot(bitmap(5, "e1", (2, 2, 2)), 3)
    assert (client.phase, client.seq, client.statistics.reloads) == (SyncPhase.LIVE, 6, 1)
    assert client.actions() == [Changed(((2, 2, 2),)), Changed(((1, 1, 1),))]


def test_a_state_with_the_same_seq_and_another_checksum_reloads() -> None:
    """[SYNC-4] A `canvas:state` carries the same proof as a heartbeat."""
    client = live(5)
    other = Canvas(SIZE)
    other.set(0, 9)
    client.receive(state_message(other, seq=5), 1)
    assert (client.phase, client.statistics.mismatches) == (SyncPhase.LOADING, 1)


def test_a_reload_of_what_is_proven_equal_fetches_nothing() -> None:
    client = live(5)
    client.receive(state_message(Canvas(SIZE), seq=5, mode=Mode.RELOAD), 1)
    assert (client.phase, client.actions()) == (SyncPhase.LIVE, [])


def test_an_equal_checksum_is_counted() -> None:
    client = live(5)
    client.receive(reply(5, checksum=0), 3)
    assert (client.statistics.proofs, list(client.statistics.latencies)) == (1, [3])


def test_behind_twice_without_progress_reconnects() -> None:
    """[SYNC-2] A change that never came and left no gap is noticed by the second heartbeat."""
    client = live(5)
    client.receive(reply(6, 0, t=1), 2)
    client.receive(reply(6, 0, t=1), 2)
    assert client.phase is SyncPhase.LIVE, "a reply that came twice is one reply"
    client.receive(reply(7, 0, t=15_001), 15_002)
    assert client.actions() == [Reconnect(5, "e1")]


def test_behind_twice_with_progress_is_patient() -> None:
    client = live(5)
    client.receive(reply(6, 0, t=1), 2)
    client.receive(update(6, 6), 3)
    client.receive(reply(7, 0, t=15_001), 15_002)
    assert client.phase is SyncPhase.LIVE


def test_a_bitmap_of_the_past_does_not_lead_back() -> None:
    """[SYNC-6] Acknowledged pixels that were shown do not vanish while a newer bitmap is on its way."""
    client = live(5)
    client.receive(reply(5, checksum=1), 1)
    client.snapshot(bitmap(4), 2)
    assert (client.phase, client.seq) == (SyncPhase.LOADING, 5)
    client.actions()
    client.tick(2 + FETCH_RETRY_MS)
    assert client.actions() == [FetchSnapshot()]


def test_a_log_that_was_cut_short_is_followed_back() -> None:
    client = live(5)
    client.receive(state_message(Canvas(SIZE), seq=3, mode=Mode.RELOAD), 1)
    client.snapshot(bitmap(3), 2)
    assert (client.phase, client.seq) == (SyncPhase.LIVE, 3)


def test_another_epoch_reloads() -> None:
    """[SYNC-7] Another log has other numbers: nothing of the old one is resumed from."""
    client = live(5)
    request = client.place(1, 1, 4, 1)
    client.receive(PixelAck(id=request, seq=9), 1)
    client.disconnected(2)
    client.connected(3)
    client.actions()
    client.receive(state_message(Canvas(SIZE), epoch="e2", seq=2), 3)
    assert client.phase is SyncPhase.LOADING
    assert client.actions() == [Changed(((1, 1, 0),)), FetchSnapshot()]
    client.snapshot(bitmap(5, "e1"), 4)
    assert client.phase is SyncPhase.LOADING, "the old log's bitmap does not help"
    client.snapshot(bitmap(2, "e2", (3, 3, 3)), 4)
    assert (client.phase, client.epoch, client.seq) == (SyncPhase.LIVE, "e2", 2)


def test_another_size_is_a_reload_of_everything() -> None:
    client = live(5)
    client.disconnected(1)
    client.connected(1)
    client.receive(state_message(Canvas(Size(2, 2)), epoch="e2"), 1)
    client.actions()
    client.snapshot(CanvasBitmap("e2", 0, Size(2, 2), bytes(4)), 1)
    assert client.actions() == [Reloaded()]
    with pytest.raises(ClientFault):
        client.color_at(5, 4)


# ── placements ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_acknowledged_pixel_stays_until_the_stream_has_it() -> None:
    """[SYNC-6] Between the ack and the stream nothing flickers, and the confirmed canvas stays the log's."""
    client = live()
    request = client.place(1, 1, 4, 1)
    assert (request, client.color_at(1, 1), client.checksum) == (FIRST, 4, 0)
    client.receive(PixelAck(id=(request,), seq=2), 2)
    assert Answered(request, Placed(2)) in client.actions()
    client.receive(update(1, 1, (1, 1, 9)), 3)
    assert client.color_at(1, 1) == 4
    client.receive(update(2, 2, (1, 1, 4)), 3)
    assert client.color_at(1, 1) == 4
    client.receive(update(3, 3, (1, 1, 5)), 3)
    assert client.color_at(1, 1) == 5
    assert client.actions() == [Changed(((1, 1, 5),))]


def test_a_stream_that_is_faster_than_the_ack() -> None:
    """[SYNC-6] The ack may come after the change itself, and after later ones."""
    client = live()
    request = client.place(1, 1, 4, 1)
    client.receive(update(1, 2, (1, 1, 7)), 2)
    assert client.color_at(1, 1) == 4
    client.receive(PixelAck(id=request, seq=1), 3)
    assert client.color_at(1, 1) == 7


def test_a_rejected_pixel_reverts() -> None:
    """[SYNC-6] What stands shows again, and the answer says why."""
    client = live()
    request = client.place(1, 1, 4, 1)
    client.actions()
    reject = PixelReject(
        id=request, reason=ReasonCode.RATE_LIMITED, message="no", retry_after_ms=50, x=1, y=1, color=0
    )
    client.receive(reject, 2)
    assert client.actions() == [
        Changed(((1, 1, 0),)),
        Answered(request, Rejected(ReasonCode.RATE_LIMITED, "no", 50, 0)),
    ]
    client.receive(reject, 3)
    client.receive(PixelAck(id=request, seq=1), 3)
    client.receive(PixelReject(reason=ReasonCode.MALFORMED), 3)
    assert client.actions() == [], "an answer comes once"


def test_unanswered_requests_are_sent_again() -> None:
    """[SYNC-5] After a lost connection everything without an answer goes out again, in order, under the same ids."""
    client = live()
    requests = [client.place(x, 1, 4, 1) for x in range(4)]
    assert sent(client) == requests
    client.receive(PixelAck(id=requests[1], seq=1), 2)
    client.disconnected(3)
    late = client.place(5, 1, 4, 3)
    assert sent(client) == []
    client.connected(4)
    assert sent(client) == [requests[0], requests[2], requests[3], late]
    assert client.statistics.resends == 3


def test_silence_about_a_request_sends_it_again() -> None:
    """[SYNC-5] A frame can be lost on a connection that lives."""
    client = live()
    request = client.place(1, 1, 4, 0)
    client.actions()
    client.tick(ANSWER_TIMEOUT_MS - 1)
    assert sent(client) == []
    client.tick(ANSWER_TIMEOUT_MS)
    assert sent(client) == [request]
    client.tick(ANSWER_TIMEOUT_MS + 1)
    assert sent(client) == []


def test_a_request_that_nobody_answers_is_lost() -> None:
    """[SYNC-5] Beyond the time for which the server remembers ids, sending again could place twice."""
    client = live()
    request = client.place(1, 1, 4, 0)
    client.disconnected(1)
    client.actions()
    client.connected(RETAINED_MS - 30_000)
    assert sent(client) == []
    client.disconnected(RETAINED_MS)
    client.tick(RETAINED_MS)
    assert client.unanswered == 1
    client.actions()
    client.tick(RETAINED_MS + 1)
    assert client.actions() == [Changed(((1, 1, 0),)), Answered(request, Lost())]
    assert client.unanswered == 0


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_heartbeats() -> None:
    client = live()
    client.tick(14_999)
    assert client.actions() == []
    client.tick(15_000)
    (beat,) = client.actions()
    assert isinstance(beat, SendHeartbeat)
    assert beat.heartbeat.t == 15_000


def test_silence_reconnects() -> None:
    client = live(5)
    client.tick(IDLE_TIMEOUT_MS)
    client.actions()
    client.tick(IDLE_TIMEOUT_MS + 1)
    assert client.actions() == [Reconnect(5, "e1")]


def test_a_connection_that_says_nothing_is_given_up() -> None:
    client = SyncClient(FIRST)
    client.connected(0)
    client.actions()
    client.tick(STATE_TIMEOUT_MS + 1)
    assert client.actions() == [Reconnect(None, None)]


# ── a hostile link ──────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=150)
@example(seed=1026)  # an old bitmap, still on its way, led back behind pixels that were acknowledged and shown
@example(seed=3089)  # a bitmap of a log that was lost settled the acks of the next one
@given(seed=st.integers(0, 2**32 - 1))
def test_a_hostile_link_never_makes_a_wrong_canvas(seed: int) -> None:
    """[SYNC-1] [SYNC-6] Frames lost, doubled, reordered, sockets and logs dying: in the end all is equal."""
    world = World(seed)
    for _ in range(300):
        world.step()
    world.settle()
    client, server = world.client, world.server
    assert (client.phase, client.unanswered, client.epoch) == (SyncPhase.LIVE, 0, server.epoch)
    assert (client.seq, client.checksum) == (server.seq, server.canvas.checksum)
    assert set(world.answers) == set(world.placed)
    shown = [client.color_at(*SIZE.point(cell)) for cell in range(SIZE.cells)]
    assert bytes(shown) == bytes(server.canvas)
