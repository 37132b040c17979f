"""The socket tier's settings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pixels_core.canvas.geometry import Size
from pixels_core.rules.state import DEFAULT_LIMITS
from pixels_ws.settings import SocketSettings
from tests.ws.world import IsolatedSettings


def test_the_defaults_are_those_of_the_core() -> None:
    settings = IsolatedSettings()
    assert settings.size == Size(900, 900)
    assert settings.limits == DEFAULT_LIMITS


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_USER_RATE", "0.2")
    monkeypatch.setenv("PIXELS_USER_BURST", "6")
    monkeypatch.setenv("PIXELS_WIDTH", "")
    settings = SocketSettings()
    assert (settings.limits.per_user.rate, settings.limits.per_user.burst) == (0.2, 6)
    assert settings.width == 900


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0},
        {"height": 100_000},
        {"canvas": "Main Canvas"},
        {"user_rate": 0},
        {"user_rate": "nan"},
        {"address_burst": 0},
        {"socket_burst": 100},
        {"stall_seconds": 0},
        {"max_connections": 0},
        {"trusted_proxies": "everybody"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IsolatedSettings(**wrong)  # type: ignore[arg-type]


def test_a_full_stroke_always_fits_into_the_burst() -> None:
    """[SOCK-4] Else no stroke of 256 pixels would ever get through."""
    assert IsolatedSettings(socket_burst=300).socket_burst == 300
