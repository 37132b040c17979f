"""The rules of placing: one verdict from role, bans, pause, bounds, palette, locks and limits, in this order.

Limits come last, so that a placement that would be refused anyway costs no token.
"""

from __future__ import annotations

from pixels_core.errors import ClientFault, ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.units import Cell, Color, Milliseconds

from .commands import Actor, PlacePixel
from .effects import Refused
from .rate_limits import RateLimits
from .state import CanvasState


def judge(
    command: PlacePixel, state: CanvasState, rates: RateLimits, now: Milliseconds
) -> tuple[Cell, Color] | Refused:
    """Return the cell and the colour slot of a placement that may happen, or why it may not; changes nothing."""
    refused = _actor_refused(command.actor, state, now)
    if refused:
        return refused
    try:
        cell = state.identity.size.cell(command.x, command.y)
        color = state.palette.resolve(command.color)
    except ClientFault as fault:
        return Refused(fault.code, str(fault))
    lock = state.locks.holding(command.x, command.y)
    if lock:
        return Refused(ReasonCode.LOCKED, lock.reason or None)
    wait = rates.wait(command.actor.user, command.actor.address, now)
    if wait:
        return Refused(ReasonCode.RATE_LIMITED, retry_after_ms=wait)
    return cell, color


def _actor_refused(actor: Actor, state: CanvasState, now: Milliseconds) -> Refused | None:
    if actor.role is Role.VIEWER:
        return Refused(ReasonCode.READ_ONLY)
    if state.is_banned(actor.user, now):
        until = state.bans[actor.user]
        return Refused(ReasonCode.BANNED, retry_after_ms=None if until is None else until - now)
    if state.paused:
        return Refused(ReasonCode.PAUSED)
    return None
