"""What every answer has."""

from __future__ import annotations

from typing import Any, cast

import pytest

from pixels_api.http.middleware import CONTENT_SECURITY_POLICY, HEADERS
from tests.api.conftest import Client, World

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


async def test_not_a_byte_of_body_is_sent_to_head(world: World) -> None:
    """Clients drop such a body silently, so this looks at what leaves the application."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "HEAD",
        "scheme": "http",
        "path": "/api/canvas/main/bitmap",
        "raw_path": b"/api/canvas/main/bitmap",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"pixels.example")],
        "client": ("192.0.2.1", 1),
        "server": ("pixels.example", 80),
    }
    await world.app()(cast("Any", scope), receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (b"content-length", b"200") in sent[0]["headers"]
    assert sent[1]["body"] == b""
    assert scope["method"] == "HEAD", "the server's own scope is left alone"
