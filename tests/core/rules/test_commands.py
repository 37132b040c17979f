from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest

from pixels_core.protocol.messages import Role
from pixels_core.rules.commands import Actor, BanUser, Command, ModerationCommand, PlacePixel
from pixels_core.rules.events import MODERATION_EVENTS

ADA = Actor(user="ada", role=Role.PAINTER)


def test_there_is_a_command_for_every_event() -> None:
    """[MOD-1] Nothing comes into the log but by a command."""
    assert len(get_args(ModerationCommand)) == len(MODERATION_EVENTS)
    assert get_args(Command) == (PlacePixel, *get_args(ModerationCommand))


@pytest.mark.parametrize(
    ("value", "field"),
    [(ADA, "role"), (PlacePixel(ADA, 1, 0, 0, 0), "color"), (BanUser(actor=ADA, user="eve"), "user")],
)
def test_a_command_cannot_be_changed_on_its_way(value: Any, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, None)


def test_a_ban_is_for_good_unless_it_says_otherwise() -> None:
    assert BanUser(actor=ADA, user="eve").until is None
