"""Commands and verdicts as JSON, for the bus between a node and the sequencer.

A placement is a short list, for there are thousands a second; everything else is an object with its kind's name.
Both ends are ours, but a node of another version may be on the other one: what cannot be read is a ProtocolError.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pixels_core.canvas.palette import Swatch
from pixels_core.errors import ClientFault, ProtocolError
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import (
    Actor,
    BanUser,
    ChangeLimits,
    ChangePalette,
    ChangePause,
    Command,
    LockRegion,
    PlacePixel,
    PostNotice,
    UnlockRegion,
)
from pixels_core.rules.effects import Accepted, Refused, Verdict
from pixels_core.serialization import from_plain, to_plain

_KINDS: Final[dict[str, type[Any]]] = {
    "lock": LockRegion,
    "unlock": UnlockRegion,
    "ban": BanUser,
    "limits": ChangeLimits,
    "pause": ChangePause,
    "notice": PostNotice,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_PALETTE: Final = "palette"


def pack_commands(commands: list[tuple[int, Command]]) -> bytes:
    """Write numbered commands; the number comes back with the verdict."""
    return json.dumps([[number, _plain_command(command)] for number, command in commands]).encode()


def unpack_commands(data: bytes) -> list[tuple[int, Command]]:
    """Read numbered commands; raises ProtocolError."""
    return [(number, _command(value)) for number, value in _pairs(data)]


def pack_verdicts(verdicts: list[tuple[int, Verdict]]) -> bytes:
    """Write numbered verdicts."""
    return json.dumps([[number, _plain_verdict(verdict)] for number, verdict in verdicts]).encode()


def unpack_verdicts(data: bytes) -> list[tuple[int, Verdict]]:
    """Read numbered verdicts; raises ProtocolError."""
    try:
        return [(number, _verdict(value)) for number, value in _pairs(data)]
    except ValueError as problem:
        raise ProtocolError(f"A verdict makes no sense: {problem}") from problem


def _pairs(data: bytes) -> list[tuple[int, Any]]:
    try:
        return [(int(number), value) for number, value in json.loads(data)]
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise ProtocolError(f"A message on the bus makes no sense: {problem}") from problem


def _plain_command(command: Command) -> Any:
    if isinstance(command, PlacePixel):
        actor = command.actor
        return [actor.user, actor.role, actor.address, command.request, command.x, command.y, command.color]
    if isinstance(command, ChangePalette):
        swatches = {str(slot): to_plain(swatch) for slot, swatch in command.changes.items()}
        return {"kind": _PALETTE, "actor": to_plain(command.actor), "reason": command.reason, "changes": swatches}
    return {"kind": _NAMES[type(command)], **to_plain(command)}


def _command(value: Any) -> Command:
    try:
        if isinstance(value, list):
            return _placement(*value)
        if value["kind"] == _PALETTE:
            return _palette(value)
        command: Command = from_plain(_KINDS[value["kind"]], value)
    except (ValueError, TypeError, KeyError, AttributeError, ClientFault) as problem:
        raise ProtocolError(f"A command on the bus makes no sense: {problem}") from problem
    return command


def _placement(user: str, role: str, address: str, request: int, x: int, y: int, color: int | str) -> PlacePixel:
    numbers = type(request) is type(x) is type(y) is int
    if not numbers or type(color) not in {int, str} or type(user) is not str or type(address) is not str:
        raise TypeError("a placement is made of texts and whole numbers")
    return PlacePixel(Actor(user=user, role=Role(role), address=address), request, x, y, color)


def _palette(value: dict[str, Any]) -> ChangePalette:
    changes = {int(slot): from_plain(Swatch, swatch) for slot, swatch in value["changes"].items()}
    return ChangePalette(actor=from_plain(Actor, value["actor"]), reason=value["reason"], changes=changes)


def _plain_verdict(verdict: Verdict) -> Any:
    return verdict.seq if isinstance(verdict, Accepted) else to_plain(verdict)


def _verdict(value: Any) -> Verdict:
    return Accepted(value) if type(value) is int else from_plain(Refused, value)
