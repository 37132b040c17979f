from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.log.command_codec import pack_commands, pack_verdicts, unpack_commands, unpack_verdicts
from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, BanUser, Command, PlacePixel
from pixels_core.rules.effects import Accepted, Refused, Verdict
from tests.support.builders import random_commands

ADA = Actor(user="ada", role=Role.PAINTER, address="10.0.0.1")
PLACE = PlacePixel(ADA, 2**53 - 1, 3, 4, "#ff0000")


def test_every_command_comes_back_as_it_was() -> None:
    commands: list[tuple[int, Command]] = [(1, PLACE), *enumerate(random_commands(1, 400), 2)]
    assert len({type(command) for _, command in commands}) == 8
    assert unpack_commands(pack_commands(commands)) == commands
    assert unpack_commands(pack_commands([])) == []


def test_a_ban_for_good_is_none_that_ends() -> None:
    bans: list[tuple[int, Command]] = [
        (n, BanUser(actor=ADA, user="eve", until=until)) for n, until in enumerate([None, 0, 9])
    ]
    assert unpack_commands(pack_commands(bans)) == bans


def test_every_verdict_comes_back_as_it_was() -> None:
    verdicts: list[tuple[int, Verdict]] = [
        (1, Accepted(2**40)),
        (2, Refused(ReasonCode.RATE_LIMITED, retry_after_ms=17)),
        (3, Refused(ReasonCode.LOCKED, "Ünïcode ✓", color=3)),
    ]
    assert unpack_verdicts(pack_verdicts(verdicts)) == verdicts


def test_a_placement_is_short() -> None:
    """There are thousands a second."""
    assert len(pack_commands([(1, PLACE)])) < 80


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}x", b"\xff", b"[", b"1", b"[1]", b'{"a": 1}', b"[[1]]", b'[["x", 1]]', b"[[1, null]]", b"[[1, 5]]",
        b'[[1, ["ada", "painter", "", 1, 2]]]', b'[[1, ["ada", "king", "", 1, 2, 3, 4]]]',
        b'[[1, ["ada", "painter", "", "1", 2, 3, 4]]]', b'[[1, ["ada", "painter", "", 1, 2, 3, null]]]',
        b'[[1, [5, "painter", "", 1, 2, 3, 4]]]', b"[[Infinity, 1]]",
        b'[[1, {"kind": "dance"}]]', b'[[1, {"kind": []}]]', b'[[1, {"kind": "lock"}]]',
        b'[[1, {"kind": "palette"}]]',
        b'[[1, {"kind": "palette", "actor": 1, "reason": "", "changes": []}]]', b"[" * 100_000,
    ],
)  # fmt: skip
def test_nonsense_is_a_protocol_error(data: bytes) -> None:
    """[WIRE-3]"""
    with pytest.raises(ProtocolError):
        unpack_commands(data)
    if b'"kind"' not in data and b"ada" not in data and data != b"[[1, 5]]":
        with pytest.raises(ProtocolError):
            unpack_verdicts(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)


@given(value=_JSON, kind=st.sampled_from(["lock", "unlock", "ban", "limits", "pause", "notice", "palette", "x"]))
def test_whatever_json_there_is_nothing_else_is_raised(value: object, kind: str) -> None:
    """[WIRE-3]"""
    nested = {"kind": kind, **value} if isinstance(value, dict) else value
    for data in (json.dumps(value), json.dumps([[1, value]]), json.dumps([[1, nested]])):
        for unpack in (unpack_commands, unpack_verdicts):
            with suppress(ProtocolError):
                unpack(data.encode())
