"""What handlers are given."""

from __future__ import annotations

import pytest

from pixels_api.dependencies import Canvases, providers
from pixels_core.errors import ClientFault, ReasonCode
from tests.api.conftest import IsolatedSettings, World


def test_a_canvas_by_name(world: World) -> None:
    canvases = Canvases(world.dependencies)
    view = canvases.view("main")
    assert view is canvases.view("main"), "one cache for all requests"
    assert view.state is world.host.state
    with pytest.raises(ClientFault) as refused:
        canvases.view("x" * 1000)
    assert refused.value.code is ReasonCode.UNKNOWN_CANVAS
    assert len(str(refused.value)) < 100


def test_the_state_is_the_hosts_of_this_moment(world: World) -> None:
    view = Canvases(world.dependencies).view("main")
    before = view.state
    world.host.engine = type(world.host)(world.clock, epoch="e2").engine
    assert view.state is not before


def test_every_handler_can_ask_for_these(world: World) -> None:
    assert set(providers(world.dependencies, IsolatedSettings())) == {"dependencies", "settings", "canvases", "view"}
