"""Every error is a problem+json with a code; what went wrong inside stays inside."""

from __future__ import annotations

import json
import logging

import pytest
from litestar import Litestar, get
from litestar.exceptions import NotAuthorizedException, ServiceUnavailableException
from litestar.testing import AsyncTestClient

from pixels_api.http.errors import TooSoon, answer_error, problem, problems
from pixels_core.errors import (
    REASONS,
    ClientFault,
    ConfigurationError,
    ReasonCode,
    StoreCorrupt,
    StoreUnavailable,
)
from pixels_core.web.http_status import http_status
from tests.api.conftest import Client, assert_problem

FAULTS: list[tuple[Exception, int, ReasonCode]] = [
    (ClientFault("Plain words."), 400, ReasonCode.MALFORMED),
    (ClientFault(code=ReasonCode.LOCKED), 423, ReasonCode.LOCKED),
    (TooSoon("Slow down.", 1), 429, ReasonCode.RATE_LIMITED),
    (StoreUnavailable("/secret/path cannot be written"), 503, ReasonCode.UNAVAILABLE),
    (ConfigurationError("/secret/path refuses the credentials"), 503, ReasonCode.UNAVAILABLE),
    (StoreCorrupt("/secret/path is damaged"), 500, ReasonCode.INTERNAL),
    (RecursionError("/secret/path"), 400, ReasonCode.MALFORMED),
    (ZeroDivisionError("/secret/path"), 500, ReasonCode.INTERNAL),
    (NotAuthorizedException("/secret/path"), 401, ReasonCode.UNAUTHORIZED),
    (ServiceUnavailableException("/secret/path"), 500, ReasonCode.INTERNAL),
]


@pytest.mark.parametrize(("fault", "status", "code"), FAULTS, ids=lambda value: type(value).__name__)
async def test_every_exception_becomes_a_problem(
    fault: Exception, status: int, code: ReasonCode, caplog: pytest.LogCaptureFixture
) -> None:
    """[API-4] One shape for all; server faults are logged and not told."""

    @get("/")
    async def fail() -> None:
        raise fault

    app = Litestar([fail], exception_handlers={Exception: answer_error}, logging_config=None, openapi_config=None)
    with caplog.at_level(logging.WARNING):
        async with AsyncTestClient(app=app) as client:
            answer = await client.get("/")
    body = assert_problem(answer, status, code)
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("A request failed" in caplog.text) is (status >= 500)
    if status >= 500:
        assert body["detail"] == REASONS[code]


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_a_status_and_a_sentence(code: ReasonCode) -> None:
    """[API-4] No code is left without an answer."""
    answer = problem(code)
    body = json.loads(answer.content)
    assert body["detail"] == REASONS[code]
    assert body["status"] == answer.status_code == http_status(code)
    assert 400 <= body["status"] < 600
    assert body["title"]


def test_waiting_is_rounded_up_to_whole_seconds() -> None:
    answer = answer_error(None, TooSoon("Slow down.", 1_001))  # type: ignore[arg-type]  # the request is not looked at
    assert answer.headers["Retry-After"] == "2"
    assert json.loads(answer.content)["retryAfterMs"] == 1_001


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, ReasonCode.NOT_FOUND),
        ("GET", "/api", 404, ReasonCode.NOT_FOUND),
        ("GET", "/api/canvas", 404, ReasonCode.NOT_FOUND),
        ("GET", "/api/canvas/main/nothing", 404, ReasonCode.NOT_FOUND),
        ("GET", "/schema", 404, ReasonCode.NOT_FOUND),
        ("GET", "/schema/anything", 404, ReasonCode.NOT_FOUND),
        ("PUT", "/api/session", 405, ReasonCode.MALFORMED),
        ("POST", "/api/canvas/main/bitmap", 405, ReasonCode.MALFORMED),
        ("BREW", "/healthz", 405, ReasonCode.MALFORMED),
        ("GET", "/api/canvas/" + "x" * 2000, 404, ReasonCode.UNKNOWN_CANVAS),
        ("GET", "/api/canvas/%00%ff", 404, ReasonCode.UNKNOWN_CANVAS),
    ],
)
async def test_the_frameworks_own_errors(
    client: Client, method: str, path: str, status: int, code: ReasonCode
) -> None:
    """[API-4] Unknown addresses and wrong methods too."""
    answer = await client.request(method, path)
    assert_problem(answer, status, code)
    assert len(answer.content) < 400
    if status == 405:
        assert answer.headers["Allow"]


def test_documentation_groups_codes_by_status() -> None:
    found = problems(ReasonCode.UNAUTHORIZED, ReasonCode.EXPIRED, ReasonCode.TOO_LARGE)
    assert set(found) == {400, 401, 413}
    assert [example.summary for example in found[401].examples or []] == ["unauthorized", "expired"]
