from __future__ import annotations

from pathlib import Path

import pytest

from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.hosting.secret_file import read_secret
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import TokenSigner
from tests.support.command import pixels


def made(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return the token and the link that were printed."""
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    return lines["token"], lines["link"]


def test_a_token_is_one_of_the_servers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("token", "--name", "Ann", "--data", str(tmp_path), "--url", "http://x.example/") == 0
    token, link = made(capsys)
    session = TokenSigner(read_secret(ServerSettings(data=tmp_path))).verify(token, SystemClock().now())
    assert (session.role, session.name) == (Role.MODERATOR, "Ann")
    assert link == f"http://x.example/#signin={token}"


def test_role_user_and_end_are_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("token", "--role", "viewer", "--user", "u_1", "--days", "1", "--data", str(tmp_path)) == 0
    token, _ = made(capsys)
    now = SystemClock().now()
    session = TokenSigner(read_secret(ServerSettings(data=tmp_path))).verify(token, now)
    assert (session.role, session.user) == (Role.VIEWER, "u_1")
    assert 0 <= now + 86_400_000 - session.expires_at < 60_000


def test_a_name_that_is_too_long_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pixels("token", "--name", "x" * 99, "--data", str(tmp_path)) == 2
    assert "at most 32 characters" in capsys.readouterr().err


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    assert pixels("token", "--role", "king", "--data", str(tmp_path)) == 2
