from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import Swatch
from pixels_core.errors import ReasonCode
from pixels_core.log.snapshot_codec import pack_snapshot, unpack_snapshot
from pixels_core.protocol.messages import RETAINED_MS, Role
from pixels_core.rules.commands import (
    Actor,
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    LockRegion,
    PlacePixel,
    PostNotice,
    UnlockRegion,
)
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.rules.engine import UNTOLD_MS, Engine
from pixels_core.rules.events import EventBatch, PixelPlaced
from pixels_core.rules.state import CanvasState, Limits
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import IDENTITY, T0, random_commands, random_history

ADA = Actor(user="ada", role=Role.PAINTER, address="10.0.0.1")
MOD = Actor(user="mod", role=Role.MODERATOR)
TIGHT = Limits(RateLimit(rate=1, burst=2), RateLimit(rate=100, burst=1_000))


def engine(limits: Limits | None = None) -> Engine:
    return Engine(CanvasState(IDENTITY, limits))


def place(request: int, x: int = 0, y: int = 0, color: int | str = 5, actor: Actor = ADA) -> PlacePixel:
    return PlacePixel(actor, request, x, y, color)


def restarted(old: Engine, batches: list[EventBatch]) -> Engine:
    """What recovery makes of the same log: a state by way of a snapshot, and the recent batches."""
    state = unpack_snapshot(pack_snapshot(old.state), old.state.default_limits)
    return Engine(state, batches)


@given(st.integers(0, 10_000))
def test_seqs_are_consecutive_from_one(seed: int) -> None:
    """[SEQ-1] Whatever is refused in between."""
    history = random_history(seed, 80)
    seqs = [event.seq for batch in history.batches for event in batch.events]
    assert seqs == list(range(1, len(seqs) + 1))
    assert [batch.number for batch in history.batches] == list(range(1, len(history.batches) + 1))


@given(st.integers(0, 10_000))
def test_the_batches_add_up_to_the_state(seed: int) -> None:
    """[LOG-3] The engine's state is what its events make of an empty canvas."""
    history = random_history(seed, 80)
    replayed = CanvasState(IDENTITY)
    for batch in history.batches:
        replayed.apply_batch(batch)
    assert pack_snapshot(replayed) == pack_snapshot(history.state)


def test_an_accepted_placement_is_an_event_of_the_next_batch() -> None:
    own = engine()
    assert own.take_batch() is None
    effects = own.handle(place(7, 3, 2), T0)
    assert effects.verdict == Accepted(1)
    assert effects.event == PixelPlaced(1, T0, "ada", 7, 2 * IDENTITY.size.width + 3, 5)
    batch = own.take_batch()
    assert batch == EventBatch(1, (effects.event,))
    assert own.take_batch() is None


def test_a_repeat_is_acknowledged_and_not_applied() -> None:
    """[REQ-2] The same user, id and pixel have the same seq for an answer."""
    own = engine(TIGHT)
    own.handle(place(1), T0)
    own.handle(place(2, 1), T0)
    for moment in (T0, T0 + 1, T0 + RETAINED_MS - 1):
        effects = own.handle(place(1), moment)
        assert effects.verdict == Accepted(1)
        assert effects.event is None
    assert own.state.seq == 2


def test_a_repeat_is_acknowledged_even_where_it_could_not_be_placed_any_more() -> None:
    """[REQ-2] What is paused, banned or locked now was none of it then."""
    own = engine()
    own.handle(place(1), T0)
    own.handle(ChangePause(actor=MOD, paused=True), T0)
    own.handle(BanUser(actor=MOD, user="ada"), T0)
    assert own.handle(place(1), T0).verdict == Accepted(1)


def test_a_repeat_is_known_after_a_restart() -> None:
    """[REQ-2] The log of the last ten minutes is enough to remember it."""
    own = engine()
    own.handle(place(1), T0)
    batch = own.take_batch()
    assert batch
    again = restarted(own, [batch])
    assert again.handle(place(1), T0 + 1).verdict == Accepted(1)
    assert again.handle(place(2), T0 + 1).verdict == Accepted(2)


@pytest.mark.parametrize("other", [place(1, 1), place(1, 0, 1), place(1, color=6), place(1, -1), place(1, color=250)])
def test_a_known_id_with_another_pixel_is_a_duplicate(other: PlacePixel) -> None:
    """[REQ-3] Also where the other pixel could not be placed at all."""
    own = engine()
    own.handle(place(1), T0)
    verdict = own.handle(other, T0).verdict
    assert isinstance(verdict, Refused)
    assert verdict.reason is ReasonCode.DUPLICATE
    assert own.state.seq == 1


def test_ids_belong_to_users() -> None:
    own = engine()
    own.handle(place(1), T0)
    bob = replace(ADA, user="bob")
    assert own.handle(place(1, 4, actor=bob), T0).verdict == Accepted(2)


def test_a_refused_request_may_be_tried_again() -> None:
    """[REQ-4] Its id is not remembered, and nothing changed."""
    own = engine()
    own.handle(ChangePause(actor=MOD, paused=True), T0)
    before = pack_snapshot(own.state)
    for _ in range(3):
        verdict = own.handle(place(1), T0).verdict
        assert isinstance(verdict, Refused)
        assert verdict.reason is ReasonCode.PAUSED
    assert pack_snapshot(own.state) == before
    assert own.find(place(1)) is None
    own.handle(ChangePause(actor=MOD, paused=False), T0)
    assert own.handle(place(1), T0).verdict == Accepted(3)


def test_an_id_may_be_used_again_after_its_time() -> None:
    own = engine()
    own.handle(place(1), T0)
    own.handle(place(2, 1), T0 + RETAINED_MS + 1)
    assert own.handle(place(1), T0 + RETAINED_MS + 1).verdict == Accepted(3)


def test_a_refusal_has_the_colour_that_stands() -> None:
    """[PLACE-2] Of a cell on the canvas; there is none outside."""
    own = engine(TIGHT)
    own.handle(place(1, 1, 1, 9), T0)
    own.handle(place(2, 1, 2, 9), T0)
    limited = own.handle(place(3, 1, 1, 4), T0).verdict
    assert isinstance(limited, Refused)
    assert (limited.reason, limited.color, limited.retry_after_ms) == (ReasonCode.RATE_LIMITED, 9, 1_000)
    outside = own.handle(place(4, -1, 1), T0).verdict
    assert isinstance(outside, Refused)
    assert (outside.reason, outside.color) == (ReasonCode.OUT_OF_BOUNDS, None)


@given(st.floats(0.01, 1_000), st.integers(1, 20), st.lists(st.integers(0, 5_000), max_size=40))
def test_waiting_as_long_as_told_is_enough(rate: float, burst: int, pauses: list[int]) -> None:
    """[PLACE-3] And the wait is never 0."""
    own = engine(Limits(RateLimit(rate, burst), RateLimit(1_000_000, 1_000_000)))
    now = T0
    for request, pause in enumerate(pauses):
        now += pause
        verdict = own.handle(place(2 * request), now).verdict
        if isinstance(verdict, Refused):
            assert verdict.retry_after_ms
            now += verdict.retry_after_ms
            assert isinstance(own.handle(place(2 * request), now).verdict, Accepted)


def test_users_share_the_bucket_of_their_address() -> None:
    """[PLACE-3] A token of the address is needed, too."""
    own = engine(Limits(RateLimit(20, 200), RateLimit(1, 3)))
    verdicts = [own.handle(place(1, actor=replace(ADA, user=f"u{i}")), T0).verdict for i in range(4)]
    assert [isinstance(verdict, Accepted) for verdict in verdicts] == [True, True, True, False]
    elsewhere = replace(ADA, user="u9", address="10.0.0.2")
    assert own.handle(place(1, actor=elsewhere), T0).verdict == Accepted(4)


def test_a_restart_does_not_refill_buckets() -> None:
    own = engine(TIGHT)
    own.handle(place(1), T0)
    own.handle(place(2, 1), T0)
    batch = own.take_batch()
    assert batch
    assert restarted(own, [batch]).tokens("ada", T0 + 500) == own.tokens("ada", T0 + 500) == 0.5


def test_new_limits_fill_buckets_also_in_a_replay() -> None:
    """[MOD-4] What was placed before the limits changed took no token of theirs, after a restart neither."""
    own = engine(TIGHT)
    own.handle(place(1), T0)
    own.handle(ChangeLimits(actor=MOD, per_user=RateLimit(1, 3), per_address=RateLimit(100, 100)), T0)
    own.handle(place(2, 1), T0)
    batch = own.take_batch()
    assert batch
    assert own.tokens("ada", T0) == 2
    assert restarted(own, [batch]).tokens("ada", T0) == 2


def test_a_clock_that_steps_back_is_held() -> None:
    own = engine()
    own.handle(place(1), T0)
    effects = own.handle(place(2, 1), T0 - 60_000)
    assert effects.event
    assert effects.event.time == T0


def test_nothing_is_placed_inside_a_lock_until_it_is_gone() -> None:
    """[MOD-2] From the lock's seq on to the unlock's."""
    own = engine()
    own.handle(LockRegion(actor=MOD, reason="art", lock_id="l", rect=Rect(1, 1, 2, 2)), T0)
    inside = own.handle(place(1, 2, 2), T0).verdict
    assert isinstance(inside, Refused)
    assert (inside.reason, inside.message) == (ReasonCode.LOCKED, "art")
    assert own.handle(place(2, 3, 2), T0).verdict == Accepted(2)
    own.handle(UnlockRegion(actor=MOD, lock_id="l"), T0)
    assert own.handle(place(1, 2, 2), T0).verdict == Accepted(4)


@pytest.mark.parametrize(("until", "wait"), [(None, None), (T0 + 5_000, 5_000)])
def test_a_banned_user_places_nothing(until: int | None, wait: int | None) -> None:
    """[MOD-3] Until the ban ends, by itself or by pardon."""
    own = engine()
    own.handle(BanUser(actor=MOD, user="ada", until=until), T0)
    verdict = own.handle(place(1), T0).verdict
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.retry_after_ms) == (ReasonCode.BANNED, wait)
    if until:
        assert isinstance(own.handle(place(1), until).verdict, Accepted)
    own.handle(BanUser(actor=MOD, user="ada", until=0), T0)
    assert isinstance(own.handle(place(2, 1), T0).verdict, Accepted)


def test_what_moderators_set_holds_after_a_restart() -> None:
    """[MOD-4] Palette, limits, pause, notice, locks and bans are part of the state."""
    own = engine()
    for command in (
        ChangePalette(actor=MOD, changes={3: Swatch("#010203", "Ink")}),
        ChangeLimits(actor=MOD, per_user=RateLimit(1, 1), per_address=RateLimit(2, 2)),
        ChangePause(actor=MOD, paused=True),
        PostNotice(actor=MOD, text="Back soon"),
        LockRegion(actor=MOD, lock_id="l", rect=Rect(0, 0, 1, 1)),
        BanUser(actor=MOD, user="eve"),
    ):
        assert isinstance(own.handle(command, T0).verdict, Accepted)
    batch = own.take_batch()
    assert batch
    again = restarted(own, [batch]).state
    assert again.palette.resolve("#010203") == 3
    assert again.limits == Limits(RateLimit(1, 1), RateLimit(2, 2))
    assert (again.paused, again.notice, len(again.locks)) == (True, "Back soon", 1)
    assert again.is_banned("eve", T0)


@given(st.integers(0, 10_000))
def test_a_refusal_changes_nothing_at_all(seed: int) -> None:
    """[REQ-4] [PLACE-1] Neither the state nor anybody's tokens."""
    own = engine(TIGHT)
    for step, command in enumerate(random_commands(seed, 60)):
        now = T0 + step * 200
        before = pack_snapshot(own.state), own.tokens(command.actor.user, now)
        if isinstance(own.handle(command, now).verdict, Refused):
            assert (pack_snapshot(own.state), own.tokens(command.actor.user, now)) == before


def test_acts_that_nobody_was_told_of_are_told_once() -> None:
    """[DIST-3] [REC-3] Only to a moderator who asks for just that, and not for ever."""
    engine = Engine(CanvasState(IDENTITY))
    notice = PostNotice(actor=MOD, text="Hello")
    batches = []
    for number in range(3):
        engine.handle(notice, T0 + number)
        batches.append(engine.take_batch() or pytest.fail("no batch"))

    def restarted(told: int | None) -> Engine:
        return Engine(engine.state.copy(), batches, told)

    def ask(engine: Engine, wait: int = 0, role: Role = Role.MODERATOR) -> Verdict:
        return engine.handle(replace(notice, actor=replace(MOD, role=role)), T0 + 9 + wait).verdict

    again = restarted(told=1)
    assert isinstance(ask(again, role=Role.PAINTER), Refused)
    assert [ask(again) for _ in range(3)] == [Accepted(2), Accepted(3), Accepted(4)]
    assert ask(restarted(told=1), wait=UNTOLD_MS) == Accepted(4)
    assert ask(restarted(told=3)) == Accepted(4)
    assert ask(restarted(told=None)) == Accepted(4)
