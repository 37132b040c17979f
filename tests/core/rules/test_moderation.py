from __future__ import annotations

from dataclasses import replace

import pytest

from pixels_core.canvas.geometry import Rect
from pixels_core.canvas.palette import CURATED, Swatch
from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import (
    Actor,
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    LockRegion,
    ModerationCommand,
    PostNotice,
    UnlockRegion,
)
from pixels_core.rules.events import (
    LimitsChanged,
    NoticePosted,
    PaletteChanged,
    PauseChanged,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from pixels_core.rules.locks import MAX_LOCKS, RegionLock
from pixels_core.rules.moderation import MAX_LOCK_ID, MAX_TEXT, is_outcome, moderation_event
from pixels_core.rules.state import CanvasState
from pixels_core.rules.token_bucket import RateLimit
from tests.support.builders import IDENTITY, T0

MOD = Actor(user="mod", role=Role.MODERATOR)
INK = Swatch("#010203", "Ink")
LIMIT = RateLimit(1, 2)
ALL: tuple[ModerationCommand, ...] = (
    LockRegion(actor=MOD, lock_id="new", rect=Rect(0, 0, 2, 2)),
    UnlockRegion(actor=MOD, lock_id="old"),
    BanUser(actor=MOD, user="eve"),
    ChangePalette(actor=MOD, changes={1: INK}),
    ChangeLimits(actor=MOD, per_user=LIMIT, per_address=LIMIT),
    ChangePause(actor=MOD, paused=True),
    PostNotice(actor=MOD, text="Hello"),
)
OLD = RegionLock("old", Rect(5, 5, 1, 1), "mod")


def state() -> CanvasState:
    canvas = CanvasState(IDENTITY)
    canvas.seq = 41
    canvas.locks.add(OLD)
    return canvas


def refusal(command: ModerationCommand, of: CanvasState | None = None) -> ReasonCode:
    own = of or state()
    before = pack_snapshot(own)
    with pytest.raises(ClientFault) as caught:
        moderation_event(command, own, T0)
    assert pack_snapshot(own) == before
    return caught.value.code


def test_each_command_becomes_its_event() -> None:
    """[MOD-1] Numbered, dated and signed like every change; the state is left to whoever applies it."""
    own = state()
    before = pack_snapshot(own)
    events = [moderation_event(replace(command, reason="Because"), own, T0) for command in ALL]
    said = {"seq": 42, "time": T0, "user": "mod", "reason": "Because"}
    assert pack_snapshot(own) == before
    assert (
        events
        == [
            RegionLocked(lock=RegionLock("new", Rect(0, 0, 2, 2), "mod", "Because"), **said),  # type: ignore[arg-type]
            RegionUnlocked(lock_id="old", **said),  # type: ignore[arg-type]
            UserBanned(banned="eve", until=None, **said),  # type: ignore[arg-type]
            PaletteChanged(curated=(CURATED[0], INK, *CURATED[2:]), **said),  # type: ignore[arg-type]
            LimitsChanged(per_user=LIMIT, per_address=LIMIT, **said),  # type: ignore[arg-type]
            PauseChanged(paused=True, **said),  # type: ignore[arg-type]
            NoticePosted(text="Hello", **said),  # type: ignore[arg-type]
        ]
    )


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PAINTER])
@pytest.mark.parametrize("command", ALL, ids=lambda command: type(command).__name__)
def test_only_moderators_may(command: ModerationCommand, role: Role) -> None:
    """[MOD-1] And admins."""
    assert refusal(replace(command, actor=Actor(user="eve", role=role))) is ReasonCode.FORBIDDEN
    assert moderation_event(replace(command, actor=Actor(user="root", role=Role.ADMIN)), state(), T0).user == "root"


def test_a_lock_is_clipped_to_the_canvas() -> None:
    event = moderation_event(LockRegion(actor=MOD, lock_id="l", rect=Rect(-5, -5, 7, 100)), state(), T0)
    assert isinstance(event, RegionLocked)
    assert event.lock.rect == Rect(0, 0, 2, IDENTITY.size.height)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (LockRegion(actor=MOD, lock_id="old", rect=Rect(0, 0, 1, 1)), ReasonCode.CONFLICT),
        (LockRegion(actor=MOD, lock_id="", rect=Rect(0, 0, 1, 1)), ReasonCode.MALFORMED),
        (LockRegion(actor=MOD, lock_id="x" * (MAX_LOCK_ID + 1), rect=Rect(0, 0, 1, 1)), ReasonCode.MALFORMED),
        (LockRegion(actor=MOD, lock_id="l", rect=Rect(900, 900, 1, 1)), ReasonCode.OUT_OF_BOUNDS),
        (UnlockRegion(actor=MOD, lock_id="none"), ReasonCode.NOT_FOUND),
        (BanUser(actor=MOD, user="mod"), ReasonCode.CONFLICT),
        (BanUser(actor=MOD, user=""), ReasonCode.MALFORMED),
        (BanUser(actor=MOD, user="x" * 65), ReasonCode.MALFORMED),
        (ChangePalette(actor=MOD, changes={}), ReasonCode.BAD_COLOR),
        (ChangePalette(actor=MOD, changes={32: INK}), ReasonCode.BAD_COLOR),
        (PostNotice(actor=MOD, text="x" * (MAX_TEXT + 1)), ReasonCode.TOO_LARGE),
        (PostNotice(actor=MOD, reason="x" * (MAX_TEXT + 1), text=""), ReasonCode.TOO_LARGE),
    ],
)
def test_what_makes_no_sense_is_refused(command: ModerationCommand, code: ReasonCode) -> None:
    assert refusal(command) is code


def test_locks_are_limited() -> None:
    own = CanvasState(IDENTITY)
    for number in range(MAX_LOCKS):
        own.locks.add(RegionLock(str(number), Rect(0, 0, 1, 1), "mod"))
    assert refusal(LockRegion(actor=MOD, lock_id="l", rect=Rect(0, 0, 1, 1)), own) is ReasonCode.CONFLICT


@pytest.mark.parametrize("until", [-1, 2**53, 2**60])
def test_a_ban_ends_at_a_moment_that_the_log_can_hold(until: int) -> None:
    """[LOG-3] What the log could not be read back with is never accepted."""
    with pytest.raises(ClientFault):
        moderation_event(BanUser(actor=MOD, user="u_1", until=until), CanvasState(IDENTITY), T0)


@pytest.mark.parametrize(
    "command",
    [
        PostNotice(actor=MOD, text="\ud800"),
        PostNotice(actor=MOD, text="", reason="\udfff"),
        LockRegion(actor=MOD, lock_id="\ud800", rect=Rect(0, 0, 1, 1)),
        BanUser(actor=MOD, user="\ud800"),
    ],
)
def test_text_that_cannot_be_written_is_refused(command: ModerationCommand) -> None:
    """[LOG-3] Half of a surrogate pair has no bytes."""
    with pytest.raises(ClientFault):
        moderation_event(command, CanvasState(IDENTITY), T0)


@pytest.mark.parametrize("command", ALL)
def test_an_act_is_the_outcome_of_its_command_alone(command: ModerationCommand) -> None:
    """[DIST-3]"""
    event = moderation_event(command, state(), T0)
    assert [one for one in ALL if is_outcome(event, one)] == [command]
    assert not is_outcome(event, replace(command, reason="another"))
    assert not is_outcome(event, replace(command, actor=replace(MOD, user="another")))


@pytest.mark.parametrize(
    ("command", "other"),
    [
        (ALL[0], LockRegion(actor=MOD, lock_id="newer", rect=Rect(0, 0, 2, 2))),
        (ALL[2], BanUser(actor=MOD, user="eve", until=0)),
        (ALL[3], ChangePalette(actor=MOD, changes={2: INK})),
        (ALL[4], ChangeLimits(actor=MOD, per_user=LIMIT, per_address=RateLimit(2, 2))),
        (ALL[5], ChangePause(actor=MOD, paused=False)),
        (ALL[6], PostNotice(actor=MOD, text="")),
    ],
)
def test_an_act_is_not_the_outcome_of_another_of_its_kind(
    command: ModerationCommand, other: ModerationCommand
) -> None:
    assert not is_outcome(moderation_event(command, state(), T0), other)
