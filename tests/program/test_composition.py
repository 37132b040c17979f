"""The stateless REST tier put together; test_lambda_handler.py runs it over real stores."""

from __future__ import annotations

import pytest

from pixels import composition
from pixels.composition import composed, read_settings
from pixels_core.errors import ConfigurationError, StoreUnavailable


@pytest.fixture(autouse=True)
def distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOG": "dynamodb", "BUS": "redis", "SECRET": "s" * 40}.items():
        monkeypatch.setenv(f"PIXELS_{name}", value)


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_PORT", "9000")
    assert read_settings(host=None, port=None).server.port == 9000
    assert read_settings(host="::1", port=9001).server.port == 9001


@pytest.mark.parametrize(
    ("name", "value"), [("LOG", "sqlite"), ("BUS", "memory"), ("SECRET", ""), ("SECRET", "short"), ("CANVAS", "!")]
)
def test_what_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ConfigurationError, match=f"PIXELS_{name}"):
        read_settings()


async def test_a_log_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_DYNAMODB_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIXELS_DYNAMODB_TOTAL_SECONDS", "0.2")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with pytest.raises(StoreUnavailable):
        async with composed(read_settings(), warm=False):
            pytest.fail("there is nothing to serve")


async def test_a_bus_that_cannot_be_named_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-15] A function's environment lives on after that, and would gather connections."""
    opened = False

    async def open_store(*_settings: object) -> None:
        nonlocal opened
        opened = True

    monkeypatch.setattr(composition, "open_store", open_store)
    monkeypatch.setenv("PIXELS_REDIS_URL", "redis://ada:tea#sugar@127.0.0.1/0")
    with pytest.raises(ConfigurationError, match="PIXELS_REDIS_URL cannot be read"):
        async with composed(read_settings(), warm=False):
            pytest.fail("there is nothing to serve")
    assert not opened
