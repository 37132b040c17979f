"""Options: read from the environment, checked with plain sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from pixels_api.settings import ApiSettings
from pixels_core.web.client_address import parse_network
from tests.support.repository import ROOT


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run in an empty folder, so that a developer's `.env` has no say."""
    monkeypatch.chdir(tmp_path)
    for name in ApiSettings.model_fields:
        monkeypatch.delenv(f"PIXELS_{name.upper()}", raising=False)


def test_defaults() -> None:
    settings = ApiSettings()
    assert settings.session_ms == 30 * 86_400_000
    assert settings.trusted_proxies == ()
    assert settings.client_dir is None


def test_everything_is_described() -> None:
    assert [name for name, field in ApiSettings.model_fields.items() if not field.description] == []


def test_the_example_file_shows_every_option_with_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?(PIXELS_\w+)=", example, re.MULTILINE))
    assert {f"PIXELS_{name.upper()}" for name in ApiSettings.model_fields} <= named
    (tmp_path / ".env").write_text(re.sub(r"^#(PIXELS_)", r"\1", example, flags=re.MULTILINE), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert ApiSettings() == ApiSettings.model_construct()


@pytest.mark.parametrize("text", ["10.0.0.0/8, fd00::/8", '["10.0.0.0/8", "fd00::/8"]', "10.1.2.3/8,fd00::1/8,"])
def test_lists_of_networks(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """[API-5] Trusted proxies are networks or single addresses, with commas between them or as JSON."""
    monkeypatch.setenv("PIXELS_TRUSTED_PROXIES", text)
    assert ApiSettings().trusted_proxies == (parse_network("10.0.0.0/8"), parse_network("fd00::/8"))


def test_lists_of_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXELS_ALLOWED_ORIGINS", "https://a.example , b.example:8443")
    assert ApiSettings().allowed_origins == ("https://a.example", "b.example:8443")


@pytest.mark.parametrize("name", ["TRUSTED_PROXIES", "ALLOWED_ORIGINS", "CLIENT_DIR", "SESSION_DAYS"])
def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", "")
    assert ApiSettings() == ApiSettings.model_construct()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TRUSTED_PROXIES", "everywhere", "'everywhere' is not an address or a network like 10.0.0.0/8."),
        ("TRUSTED_PROXIES", "[broken", "Expecting value"),
        ("SESSION_DAYS", "0", "greater than or equal to 1"),
        ("COOKIE_SECURE", "perhaps", "'auto', 'always' or 'never'"),
        ("GATEWAY_BASE_PATH", "pixels/", "should match pattern"),
        ("CLIENT_DIR", "/nowhere/at/all", "/nowhere/at/all has no index.html; build the client first"),
        ("SESSIONS_PER_MINUTE", "many", "valid integer"),
        ("MAX_EXPORT_SCALE", "65", "less than or equal to 64"),
    ],
)
def test_mistakes_are_explained(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    monkeypatch.setenv(f"PIXELS_{name}", value)
    with pytest.raises(ValidationError) as refused:
        ApiSettings()
    assert sentence in str(refused.value)


def test_a_client_folder(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    assert ApiSettings(client_dir=tmp_path).client_dir == tmp_path
