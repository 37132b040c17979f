from __future__ import annotations

from pathlib import Path

import pytest

from pixels import built_client
from pixels.built_client import with_built_client
from pixels_api.settings import ApiSettings


def settings(**given: object) -> ApiSettings:
    return ApiSettings.model_validate({"_env_file": None, **given})


def a_client(folder: Path) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    return folder


def test_the_built_client_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_client, "BUILT_CLIENT", a_client(tmp_path / "web"))
    assert with_built_client(settings()).client_dir == tmp_path / "web"


def test_another_client_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_client, "BUILT_CLIENT", a_client(tmp_path / "web"))
    other = a_client(tmp_path / "other")
    assert with_built_client(settings(client_dir=other)).client_dir == other


def test_without_a_build_only_the_api_is_served_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(built_client, "BUILT_CLIENT", tmp_path / "web")
    without = with_built_client(settings())
    assert without.client_dir is None
    built_client.warn_without_client(without)
    assert "only the API is served: run make client" in caplog.text
    caplog.clear()
    built_client.warn_without_client(settings(client_dir=a_client(tmp_path / "web")))
    assert caplog.text == ""
