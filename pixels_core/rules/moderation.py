"""The rules of moderation: which command becomes which event, and when it is refused."""

from __future__ import annotations

from typing import Any, assert_never

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.units import MAX_SAFE_INTEGER, Milliseconds

from .commands import (
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    LockRegion,
    ModerationCommand,
    PostNotice,
    UnlockRegion,
)
from .events import (
    LimitsChanged,
    ModerationEvent,
    NoticePosted,
    PaletteChanged,
    PauseChanged,
    RegionLocked,
    RegionUnlocked,
    UserBanned,
)
from .locks import RegionLock, RegionLocks
from .state import CanvasState

MAX_TEXT = 500
"""Longest reason or notice, in characters."""
MAX_LOCK_ID = 64


def moderation_event(command: ModerationCommand, state: CanvasState, now: Milliseconds) -> ModerationEvent:
    """Return the event that the command makes of `state`; raises ClientFault and changes nothing."""
    if command.actor.role not in (Role.MODERATOR, Role.ADMIN):
        raise ClientFault(code=ReasonCode.FORBIDDEN)
    _check_text("A reason", command.reason)
    said: dict[str, Any] = {
        "seq": state.seq + 1,
        "time": now,
        "user": command.actor.user,
        "reason": command.reason,
    }
    match command:
        case LockRegion():
            return RegionLocked(lock=_new_lock(command, state), **said)
        case UnlockRegion():
            RegionLocks(state.locks).remove(command.lock_id)
            return RegionUnlocked(lock_id=command.lock_id, **said)
        case BanUser():
            return UserBanned(banned=_bannable(command), until=command.until, **said)
        case ChangePalette():
            return PaletteChanged(curated=state.palette.edited(command.changes).curated, **said)
        case ChangeLimits():
            return LimitsChanged(per_user=command.per_user, per_address=command.per_address, **said)
        case ChangePause():
            return PauseChanged(paused=command.paused, **said)
        case PostNotice():
            _check_text("A notice", command.text)
            return NoticePosted(text=command.text, **said)
        case _:
            assert_never(command)


def is_outcome(event: ModerationEvent, command: ModerationCommand) -> bool:
    """Say whether an event may be what a command led to."""
    same = False
    match command, event:
        case LockRegion(), RegionLocked():
            same = event.lock.id == command.lock_id
        case UnlockRegion(), RegionUnlocked():
            same = event.lock_id == command.lock_id
        case BanUser(), UserBanned():
            same = (event.banned, event.until) == (command.user, command.until)
        case ChangePalette(), PaletteChanged():
            same = all(event.curated[slot] == swatch for slot, swatch in command.changes.items())
        case ChangeLimits(), LimitsChanged():
            same = (event.per_user, event.per_address) == (command.per_user, command.per_address)
        case ChangePause(), PauseChanged():
            same = event.paused is command.paused
        case PostNotice(), NoticePosted():
            same = event.text == command.text
        case _:
            pass
    return same and (event.user, event.reason) == (command.actor.user, command.reason)


def _check_text(what: str, text: str) -> None:
    """Refuse what is too long, or cannot be written to the log and the wire (a lone half of a surrogate pair)."""
    if len(text) > MAX_TEXT:
        raise ClientFault(f"{what} has at most {MAX_TEXT} characters.", ReasonCode.TOO_LARGE)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ClientFault(f"{what} has a character that is none.")


def _new_lock(command: LockRegion, state: CanvasState) -> RegionLock:
    if not 1 <= len(command.lock_id) <= MAX_LOCK_ID:
        raise ClientFault(f"A lock's id has 1 to {MAX_LOCK_ID} characters.")
    _check_text("A lock's id", command.lock_id)
    rect = state.identity.size.clip(command.rect)
    lock = RegionLock(command.lock_id, rect, command.actor.user, command.reason)
    RegionLocks(state.locks).add(lock)  # a copy: only to be told of a conflict
    return lock


def _bannable(command: BanUser) -> str:
    if not 1 <= len(command.user) <= 64:
        raise ClientFault("A user id has 1 to 64 characters.")
    _check_text("A user id", command.user)
    if command.until is not None and not 0 <= command.until <= MAX_SAFE_INTEGER:
        raise ClientFault("A ban ends at a moment in milliseconds since 1970, or at 0 to lift it.")
    if command.user == command.actor.user:
        raise ClientFault("You cannot ban yourself.", ReasonCode.CONFLICT)
    return command.user
