"""Commands and verdicts on the bus."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixels_core.command_codec import pack_commands, pack_verdicts, unpack_commands, unpack_verdicts
from pixels_core.commands import Actor, BanUser, ChangePalette, Command, PlacePixel
from pixels_core.effects import Accepted, Refused, Verdict
from pixels_core.errors import ProtocolError, ReasonCode
from pixels_core.palette import Swatch
from pixels_core.protocol.messages import Role
from tests.support.builders import random_commands

MODERATOR = Actor(user="mod", role=Role.MODERATOR, address="192.0.2.1")

verdicts = st.one_of(
    st.builds(Accepted, st.integers(1, 2**50)),
    st.builds(
        Refused,
        st.sampled_from(ReasonCode),
        st.none() | st.text(max_size=40),
        st.none() | st.integers(0, 10**9),
        st.none() | st.integers(0, 247),
    ),
)


@pytest.mark.parametrize("seed", range(20))
def test_every_command_survives_the_bus(seed: int) -> None:
    commands: list[tuple[int, Command]] = list(enumerate(random_commands(seed, 60)))
    assert unpack_commands(pack_commands(commands)) == commands


@pytest.mark.parametrize(
    "command",
    [
        PlacePixel(MODERATOR, 2**53 - 1, -5, 10**9, "#ff4500"),
        ChangePalette(
            actor=MODERATOR, reason="autumn", changes={0: Swatch("#112233", "Night"), 31: Swatch("#445566", "Fog")}
        ),
        BanUser(actor=MODERATOR, user="u_1", until=None),
        BanUser(actor=MODERATOR, user="u_1", until=0),
    ],
)
def test_what_a_random_command_seldom_is(command: Command) -> None:
    assert unpack_commands(pack_commands([(7, command)])) == [(7, command)]


@given(st.lists(st.tuples(st.integers(0, 2**40), verdicts), max_size=8))
def test_every_verdict_survives_the_bus(pairs: list[tuple[int, Verdict]]) -> None:
    assert unpack_verdicts(pack_verdicts(pairs)) == pairs


@given(st.binary(max_size=60))
def test_random_bytes_are_commands_or_a_protocol_error(data: bytes) -> None:
    """[WIRE-3] Also on the bus."""
    for unpack in (unpack_commands, unpack_verdicts):
        try:
            unpack(data)
        except ProtocolError:
            continue


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"7",
        b"[[1]]",
        b'[["x", []]]',
        b"[[1, []]]",
        b'[[1, ["u", "king", "", 1, 2, 3, 4]]]',
        b'[[1, {"kind": "dance"}]]',
        b'[[1, {"kind": "lock"}]]',
        b'[[1, {"kind": "palette", "actor": {}, "reason": "", "changes": {"x": 1}}]]',
        b"[[1, null]]",
    ],
)
def test_what_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack_commands(data)


@pytest.mark.parametrize("data", [b'[[1, {"reason": "because"}]]', b'[[1, "yes"]]', b"[[1, null]]"])
def test_a_verdict_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        unpack_verdicts(data)
