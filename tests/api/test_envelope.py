"""What every answer has."""

from __future__ import annotations

import pytest

from pixels_api.envelope import CONTENT_SECURITY_POLICY, HEADERS

from .conftest import Client, World

ADDRESSES = ["/healthz", "/api/canvas/main", "/api/canvas/main/bitmap", "/api/docs", "/api/session", "/nothing"]


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
async def test_security_headers_are_everywhere(client: Client, method: str, path: str) -> None:
    answer = await client.request(method, path)
    for name, value in HEADERS.items():
        if name != "Cache-Control":
            assert answer.headers.get_list(name) == [value]
    assert len(answer.headers.get_list("Cache-Control")) == 1


def test_the_policy_lets_nobody_frame_us_and_runs_only_our_scripts() -> None:
    directives = dict(part.strip().split(" ", 1) for part in CONTENT_SECURITY_POLICY.split(";"))
    assert directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["default-src"] == "'none'"
    assert directives["base-uri"] == "'none'"


@pytest.mark.parametrize("path", ADDRESSES)
async def test_head_is_get_without_the_body(client: Client, path: str) -> None:
    head, get = await client.head(path), await client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content)) or "Content-Encoding" in get.headers
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


async def test_head_is_not_a_way_around(client: Client, world: World) -> None:
    assert (await client.head("/api/session")).status_code == 401
    assert "Set-Cookie" not in (await client.head("/api/session")).headers
    value = world.dependencies.metrics.get_sample_value
    labels = {"route": "/api/session", "method": "HEAD", "status": "401"}
    assert value("pixels_http_requests_total", labels) == 2


async def test_no_answer_is_kept_unless_its_handler_says_so(client: Client) -> None:
    assert (await client.get("/api/canvas/main")).headers["Cache-Control"] == "no-store"
    assert (await client.get("/api/canvas/main/bitmap")).headers["Cache-Control"] == "no-cache"
