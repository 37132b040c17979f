from __future__ import annotations

import json

import pytest

from pixels_core.client.rest_client import RestClient, check_url, problem_of
from pixels_core.errors import (
    ClientFault,
    ConfigurationError,
    PixelsError,
    ReasonCode,
    ServerUnreachable,
    TokenError,
)
from pixels.cluster.program import free_port


@pytest.mark.parametrize("url", ["", "foo", "ftp://host", "http://", "http://[", "http://host:99999", "127.0.0.1:80"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not a server's address"):
        check_url(url)


def test_a_slash_at_the_end_does_not_matter() -> None:
    assert check_url("http://127.0.0.1:8000/") == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "expired", TokenError),
        (401, None, TokenError),
        (404, "unknown_canvas", ClientFault),
        (404, None, ServerUnreachable),
        (429, "too_many_connections", ServerUnreachable),
        (503, "unavailable", ServerUnreachable),
        (502, None, ServerUnreachable),
    ],
)
def test_answers_as_errors(status: int, code: str | None, kind: type[PixelsError]) -> None:
    problem = problem_of(status, json.dumps({"detail": "No.", "code": code}).encode(), "http://x")
    assert type(problem) is kind
    assert str(problem) == "No."
    if code:
        assert problem.code == ReasonCode(code)


def test_an_answer_that_is_no_problem_document() -> None:
    assert str(problem_of(502, b"<html>Bad gateway", "http://x")) == "http://x answered 502."
    assert str(problem_of(502, b"[1]", "http://x")) == "http://x answered 502."


async def test_nobody_there() -> None:
    async with RestClient(f"http://127.0.0.1:{free_port()}") as rest:
        with pytest.raises(ServerUnreachable, match="nothing answers"):
            await rest.open_session()
