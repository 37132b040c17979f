"""The Lambda function, called with whole events over a real DynamoDB Local, a real Redis and a real socket node.

Beside it runs `pixels api` on Granian over the same canvas: the two give the same answers.
"""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no type hints
import pytest
from PIL import Image

from pixels.cluster.cluster import Cluster
from pixels.lambda_handler import LambdaFunction
from pixels_core.errors import ConfigurationError
from tests.program.lambda_events import GATEWAYS, Gateway, Request
from tests.program.lambda_world import (
    Environment,
    an_environment,
    draw,
    eventually,
    granian,
    problem_of,
)
from tests.support.repository import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lambda")]

REST, HTTP, _, _, BALANCER, MULTI = GATEWAYS
BITMAP = "/api/canvas/main/bitmap"
every_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)


# ── the same answers as the API process ─────────────────────────────────────────────────────────────────────────────


@every_gateway
@pytest.mark.parametrize(
    ("path", "query", "encoding", "binary"),
    [
        (BITMAP, "", "br", True),
        (BITMAP, "", "gzip", True),
        ("/api/canvas/main/canvas.png", "x=0&y=0&width=40&height=40&scale=4", "identity", True),
        ("/api/canvas/main/canvas.jpg", "width=64&height=64", "identity", True),
        ("/api/canvas/main", "", "identity", False),
        ("/api/canvas/main/palette", "", "identity", False),
        ("/api/canvas/main/pixel/3/6", "limit=5", "identity", False),
        ("/api/openapi.json", "", "identity", False),
        ("/api/docs", "", "identity", False),
        ("/healthz", "", "identity", False),
        ("/readyz", "", "identity", False),
    ],
)
def test_the_answers_are_those_of_the_api_process(
    cluster: Cluster, warm: Environment, gateway: Gateway, path: str, query: str, encoding: str, binary: bool
) -> None:
    """[DIST-15] [API-1] [API-3] Byte for byte, with the same headers; what is no text travels in base64."""
    answer = warm.ask(gateway, path, query=query, headers=[("Accept-Encoding", encoding)])
    other = granian(cluster, f"{path}?{query}", **{"accept-encoding": encoding})
    assert (answer.status, answer.was_base64) == (other.status_code, binary)
    assert answer.body == other.extensions["raw"]
    assert answer.headers == {name: value for name, value in other.headers.items() if name not in {"server", "date"}}


@pytest.mark.parametrize("gateway", GATEWAYS[:4], ids=lambda gateway: gateway.name)
def test_a_bitmap_that_is_not_compressed(cluster: Cluster, warm: Environment, gateway: Gateway) -> None:
    """[DIST-15] [API-1] For a load balancer it is too large; that has a test of its own."""
    answer, other = warm.ask(gateway, BITMAP), granian(cluster, BITMAP)
    assert (answer.status, answer.was_base64, len(answer.body)) == (200, True, 900 * 900)
    assert answer.body == other.extensions["raw"]
    assert answer.headers["etag"] == other.headers["etag"]


@every_gateway
def test_a_bitmap_is_not_sent_twice(warm: Environment, gateway: Gateway) -> None:
    """[DIST-15] [API-2] Its ETag comes back as If-None-Match and is answered with 304 and nothing else."""
    first = warm.ask(gateway, BITMAP, headers=[("Accept-Encoding", "br")])
    assert (first.status, first.headers["content-encoding"]) == (200, "br")
    pixels = brotli.decompress(first.body)
    assert len(pixels) == 900 * 900
    assert pixels[900 * 2 + 1] == 7
    again = warm.ask(gateway, BITMAP, headers=[("Accept-Encoding", "br"), ("If-None-Match", first.headers["etag"])])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (
        warm.ask(
            gateway, BITMAP, headers=[("Accept-Encoding", "gzip"), ("If-None-Match", first.headers["etag"])]
        ).status
        == 200
    )


@every_gateway
def test_a_picture_can_be_seen(warm: Environment, gateway: Gateway) -> None:
    """[DIST-15] [API-3] Also its region and scale arrive."""
    answer = warm.ask(gateway, "/api/canvas/main/canvas.png", query="x=1&y=2&width=3&height=4&scale=5")
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert (picture.format, picture.size) == ("PNG", (15, 20))
        assert picture.convert("RGB").getpixel((0, 0)) == (0xFF, 0x45, 0x00)


@every_gateway
def test_head(warm: Environment, gateway: Gateway) -> None:
    answer = warm.ask(gateway, Request("HEAD", "/api/canvas/main", headers=[("Accept-Encoding", "br")]))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-type"] == "application/json"


@every_gateway
def test_what_there_is_not(warm: Environment, gateway: Gateway) -> None:
    """[DIST-15] [API-4] A problem, with the security headers that every answer has."""
    answer = warm.ask(gateway, "/api/nothing")
    assert (answer.status, problem_of(answer)["code"]) == (404, "not_found")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert problem_of(warm.ask(gateway, "/api/canvas/other/bitmap"))["code"] == "unknown_canvas"
    assert warm.ask(gateway, Request("PATCH", "/api/session")).status == 405


@every_gateway
def test_a_session(warm: Environment, gateway: Gateway) -> None:
    """[DIST-15] [SES-1] The body arrives, the cookie comes out and, among others, goes in again."""
    headers = [("Content-Type", "application/json")]
    body = json.dumps({"name": "Ada Ünal"}).encode()
    opened = warm.ask(gateway, Request("POST", "/api/session", headers=headers, body=body))
    assert opened.status == 200, opened.body
    (cookie,) = opened.cookies
    assert "HttpOnly" in cookie
    assert ("; Secure" in cookie) == (gateway not in (BALANCER, MULTI)), "the load balancer of the events speaks HTTP"
    session = json.loads(opened.body)
    assert session["name"] == "Ada Ünal"
    seen = warm.ask(gateway, "/api/session", cookies=["theme=dark", cookie.partition(";")[0], "other=1"])
    assert json.loads(seen.body)["user"] == session["user"]
    bearer = warm.ask(gateway, "/api/session", headers=[("Authorization", f"Bearer {session['token']}")])
    assert json.loads(bearer.body)["user"] == session["user"]
    assert problem_of(warm.ask(gateway, "/api/session"))["code"] == "unauthorized"


def test_a_session_is_good_at_every_process(cluster: Cluster, warm: Environment) -> None:
    """[DIST-15] [SES-1] They sign with one secret."""
    token = json.loads(warm.ask(HTTP, Request("POST", "/api/session")).body)["token"]
    assert granian(cluster, "/api/session", authorization=f"Bearer {token}").status_code == 200


def test_a_foreign_page_is_refused(warm: Environment) -> None:
    """[SES-2] The function knows its own name from the event's Host."""
    host = HTTP.document["headers"]["host"]
    for origin, status in {f"https://{host}": 200, "https://evil.example": 403}.items():
        assert warm.ask(HTTP, Request("POST", "/api/session", headers=[("Origin", origin)])).status == status


@every_gateway
def test_limits_count_the_clients_address(variables: pytest.MonkeyPatch, gateway: Gateway) -> None:
    """[DIST-15] [API-5] Whatever the client claims about itself."""
    variables.setenv("PIXELS_SESSIONS_PER_MINUTE", "2")
    with an_environment() as running:

        def status(client: str, claim: str) -> int:
            headers = [("X-Forwarded-For", claim)]
            return running.ask(gateway, Request("POST", "/api/session", headers=headers, client=client)).status

        assert [status("192.0.2.1", f"198.51.100.{number}") for number in range(3)] == [200, 200, 429]
        assert status("192.0.2.2", "198.51.100.0") == 200


@every_gateway
def test_trusted_proxies_say_whose_request_it_is(variables: pytest.MonkeyPatch, gateway: Gateway) -> None:
    """[DIST-15] [API-5] As behind any other server."""
    variables.setenv("PIXELS_SESSIONS_PER_MINUTE", "1")
    variables.setenv("PIXELS_TRUSTED_PROXIES", "192.0.2.0/24")
    with an_environment() as running:

        def status(client: str, claim: str) -> int:
            headers = [("X-Forwarded-For", claim)]
            return running.ask(gateway, Request("POST", "/api/session", headers=headers, client=client)).status

        assert [status("192.0.2.1", "198.51.100.1"), status("192.0.2.1", "198.51.100.2")] == [200, 200]
        assert status("192.0.2.2", "198.51.100.1") == 429


# ── one environment, many invocations ───────────────────────────────────────────────────────────────────────────────


def test_invocations_share_the_loop_and_the_connections(cluster: Cluster, warm: Environment) -> None:
    """[DIST-15] What the first opened, the others use: neither Redis nor DynamoDB is connected to again."""
    warm.ask(HTTP, BITMAP)
    loop, application = warm.function._runner.get_loop(), warm.function._application
    connected, sockets = _connections(cluster), _own_sockets(cluster.dynamo.port)
    assert sockets
    for gateway in (HTTP, REST, BALANCER):
        time.sleep(1.1)  # after that long the canvas asks Redis again who is there
        assert warm.ask(gateway, "/api/canvas/main").status == 200
        assert json.loads(warm.ask(gateway, "/api/canvas/main/pixel/3/6").body)["seq"] == 4
    assert warm.function._runner.get_loop() is loop
    assert warm.function._application is application
    assert _connections(cluster) == connected + 1
    assert _own_sockets(cluster.dynamo.port) == sockets


def test_connections_that_broke_while_it_was_frozen_are_opened_again(cluster: Cluster, warm: Environment) -> None:
    """[DIST-15] Nobody is told of it."""
    assert json.loads(warm.ask(HTTP, "/api/canvas/main").body)["mode"] == "live"
    cluster.redis.do("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    cluster.dynamo.kill()
    cluster.dynamo.start()

    def live() -> bool:
        answer = warm.ask(HTTP, "/api/canvas/main")
        assert answer.status == 200
        return bool(json.loads(answer.body)["mode"] == "live")

    eventually(live)


def test_it_sees_what_is_drawn_between_two_invocations(cluster: Cluster, warm: Environment) -> None:
    """[DIST-15] [API-1] The state that it keeps is brought up to the log's head before every answer."""
    before = json.loads(warm.ask(HTTP, "/api/canvas/main").body)["seq"]
    eventually(lambda: json.loads(warm.ask(HTTP, "/api/canvas/main").body)["mode"] == "live")
    asyncio.run(draw(cluster))
    after = warm.ask(HTTP, BITMAP)
    assert int(after.headers["pixels-seq"]) == before + 20


def _connections(cluster: Cluster) -> int:
    """Return how many connections Redis has taken in its life; asking is one of them."""
    return int(cluster.redis.do("INFO", "stats")["total_connections_received"])


def _own_sockets(port: int) -> set[str]:
    """Return this process's open connections to a port, by inode."""
    ours = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists the folder
            ours.add(str(descriptor.readlink()))
    lines = [line.split() for line in Path("/proc/self/net/tcp").read_text("ascii").splitlines()[1:]]
    return {line[9] for line in lines if line[2].endswith(f":{port:04X}") and f"socket:[{line[9]}]" in ours}


# ── when something is missing ───────────────────────────────────────────────────────────────────────────────────────


@every_gateway
def test_without_a_log_it_says_so_until_there_is_one(
    cluster: Cluster, variables: pytest.MonkeyPatch, gateway: Gateway
) -> None:
    """[DIST-15] [API-4] A first request that finds no DynamoDB is a problem, and the next one tries again."""
    variables.setenv("PIXELS_DYNAMODB_ENDPOINT", "http://127.0.0.1:9")
    variables.setenv("PIXELS_DYNAMODB_TOTAL_SECONDS", "0.2")
    with an_environment() as running:
        answer = running.ask(gateway, BITMAP)
        assert (answer.status, problem_of(answer)["code"]) == (503, "unavailable")
        assert "127.0.0.1" not in answer.body.decode(), "what is inside stays inside"
        variables.setenv("PIXELS_DYNAMODB_ENDPOINT", cluster.dynamo.endpoint)
        variables.setenv("PIXELS_DYNAMODB_TOTAL_SECONDS", "5")
        assert running.ask(gateway, "/api/canvas/main").status == 200


def test_a_log_that_goes_away_and_comes_back(cluster: Cluster, variables: pytest.MonkeyPatch) -> None:
    """[DIST-15] [API-4] A warm function shows what it knew, as degraded, and says what it cannot answer."""
    variables.setenv("PIXELS_DYNAMODB_TOTAL_SECONDS", "1.5")
    with an_environment() as running:
        eventually(lambda: running.ask(HTTP, "/readyz").status == 200)
        known = running.ask(HTTP, BITMAP).headers["etag"]
        cluster.dynamo.kill()
        try:
            answer = running.ask(HTTP, "/api/canvas/main")
            assert (answer.status, json.loads(answer.body)["mode"]) == (200, "degraded")
            assert running.ask(HTTP, BITMAP).headers["etag"] == known
            assert running.ask(HTTP, "/readyz").status == 503
            assert running.ask(HTTP, "/healthz").status == 200
            pixel = running.ask(HTTP, "/api/canvas/main/pixel/1/2")
            assert (pixel.status, problem_of(pixel)["code"]) == (503, "unavailable")
        finally:
            cluster.dynamo.start()
        eventually(lambda: running.ask(HTTP, "/readyz").status == 200)


@pytest.mark.parametrize("cold", [True, False])
@pytest.mark.usefixtures("variables")
def test_without_a_bus_the_canvas_is_shown_as_degraded(cluster: Cluster, cold: bool) -> None:
    """[DIST-15] [DIST-5] The log has the truth, so there is something to look at; it resumes by itself."""
    with an_environment() as running:
        if not cold:
            eventually(lambda: running.ask(HTTP, "/readyz").status == 200)
        cluster.redis.kill()
        try:
            time.sleep(1.1)  # for so long it takes Redis's last word
            answer = running.ask(HTTP, "/api/canvas/main")
            assert (answer.status, json.loads(answer.body)["mode"]) == (200, "degraded")
            assert running.ask(HTTP, BITMAP, headers=[("Accept-Encoding", "br")]).status == 200
            ready = running.ask(HTTP, "/readyz")
            assert (ready.status, problem_of(ready)["code"]) == (503, "unavailable")
        finally:
            cluster.redis.start()
        eventually(lambda: running.ask(HTTP, "/readyz").status == 200)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LOG", "sqlite", "PIXELS_LOG=dynamodb"),
        ("LOG", "memory", "PIXELS_LOG"),
        ("BUS", "memory", "PIXELS_BUS=redis"),
        ("SECRET", "", "PIXELS_SECRET"),
        ("DYNAMODB_TABLE", "nothing-there", "pixels init"),
        ("WIDTH", "20", "900 by 900"),
        ("REDIS_URL", "redis://ada:tea@127.0.0.1:{redis}/0", "PIXELS_REDIS_URL"),
        ("GATEWAY_BASE_PATH", "pixels/", "PIXELS_GATEWAY_BASE_PATH"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    cluster: Cluster, variables: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    """[DIST-15] In Lambda's log, with the sentence that a process would end with."""
    variables.setenv(f"PIXELS_{name}", value.format(redis=cluster.redis.port))
    with an_environment() as running, pytest.raises(ConfigurationError, match=sentence):
        running.ask(HTTP, "/healthz")


# ── what only gateways do ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("gateway", [BALANCER, MULTI], ids=lambda gateway: gateway.name)
def test_what_a_load_balancer_would_not_take(warm: Environment, gateway: Gateway) -> None:
    """[API-4] It would answer 502 by itself; so the client gets to know what to do."""
    answer = warm.ask(gateway, BITMAP, headers=[("Accept-Encoding", "identity")])
    assert problem_of(answer)["code"] == "too_large"
    assert "a part of it" in problem_of(answer)["detail"]
    assert warm.ask(gateway, BITMAP, headers=[("Accept-Encoding", "gzip")]).status == 200


def test_a_health_check_of_a_load_balancer(warm: Environment) -> None:
    health = Gateway("load_balancer_health_check")
    assert health.answer(warm.function(health.document, object())).status == 200


@pytest.mark.parametrize(
    "mistake",
    [
        {"headers": {"host": "a:b:c"}},
        {"body": "a", "isBase64Encoded": True},
        {"headers": {"host": "pixels.example", "x-forwarded-port": "https"}},
        {"headers": None},
    ],
)
def test_a_request_that_cannot_be_read(warm: Environment, mistake: dict[str, Any]) -> None:
    """[API-4] Whatever a client makes a gateway say, it gets an answer."""
    result = warm.function({**HTTP.document, **mistake}, object())
    assert (result["statusCode"], json.loads(result["body"])["code"]) == (400, "malformed")
    assert result["headers"]["content-type"] == "application/problem+json"
    assert warm.ask(HTTP, "/healthz").status == 200


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key1": "value1"},
        {"Records": [{"eventSource": "aws:sqs", "body": "tea"}]},
        {"requestContext": {"connectionId": "a", "eventType": "CONNECT", "stage": "prod"}, "isBase64Encoded": False},
        [],
    ],
)
def test_what_is_no_request_is_an_error(event: Any) -> None:
    """Lambda then tells whoever set the wrong trigger, and a queue keeps its message."""
    with pytest.raises(ConfigurationError, match="what triggers the function"):
        LambdaFunction()(event, object())


def test_importing_it_opens_nothing() -> None:
    """[DIST-15] No setting is read and no connection opened before the first request."""
    script = "import socket; socket.socket.connect = None; from pixels.lambda_handler import handler; print(handler)"
    environment = {"PIXELS_LOG": "nonsense", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
