"""Scopes as Mangum makes them of whole events, amended."""

from __future__ import annotations

from typing import Any

import pytest
from mangum import Mangum

from pixels_api.aws.lambda_event import amended
from pixels_core.web.client_address import client_address, parse_network
from tests.program.lambda_events import CLIENT, GATEWAYS, Gateway, Request

BALANCERS = [gateway for gateway in GATEWAYS if gateway.name.startswith("load_balancer")]
REST, HTTP, HTTP_V1 = GATEWAYS[:3]


@pytest.fixture(autouse=True)
def _no_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mangum wants to see an event loop when it is made; here it only reads events."""
    monkeypatch.setattr(Mangum, "_setup_event_loop", lambda _self: None)


def scope_of(event: dict[str, Any], base_path: str = "") -> Any:
    nothing: Any = None  # no application, and no context: only the scope is looked at
    return amended(Mangum(nothing, lifespan="off").infer(event, nothing).scope, base_path)


def header(scope: Any, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_a_request_is_what_a_web_server_would_say(gateway: Gateway) -> None:
    request = Request("GET", "/api/canvas/main/canvas.png", "x=1&y=2", [("If-None-Match", '"a"')], ["a=1", "b=2"])
    scope = scope_of(gateway.event(request))
    assert (scope["method"], scope["path"], scope["query_string"]) == (request.method, request.path, b"x=1&y=2")
    assert header(scope, b"if-none-match") == [b'"a"']
    assert header(scope, b"cookie") == [b"a=1; b=2"], "one header, or all but one cookie are lost"
    assert scope["client"] == (CLIENT, 0)


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_the_root_and_no_query(gateway: Gateway) -> None:
    scope = scope_of(gateway.event(Request("GET", "/")))
    assert (scope["path"], scope["query_string"], header(scope, b"cookie")) == ("/", b"", [])


@pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)
def test_the_client_is_whom_the_gateway_saw(gateway: Gateway) -> None:
    """[API-5] What a client claims in X-Forwarded-For counts only where the gateway's peer is a trusted proxy."""
    request = Request("GET", "/", headers=[("X-Forwarded-For", "198.51.100.1")], client="192.0.2.9")
    scope = scope_of(gateway.event(request))
    peer = scope["client"][0]
    forwarded = b",".join(header(scope, b"x-forwarded-for")).decode()
    assert client_address(peer, forwarded) == "192.0.2.9"
    assert client_address(peer, forwarded, [parse_network("192.0.2.0/24")]) == "198.51.100.1"
    assert client_address(peer, forwarded, [parse_network("10.0.0.0/8")]) == "192.0.2.9"


@pytest.mark.parametrize("gateway", BALANCERS, ids=lambda gateway: gateway.name)
def test_a_load_balancer_may_say_the_port_too(gateway: Gateway) -> None:
    """[API-5] With `routing.http.xff_client_port.enabled` it does."""
    for claimed, address in {"203.0.113.7:44321": "203.0.113.7", "[2001:db8::7]:443": "2001:db8::7"}.items():
        peer = scope_of(gateway.event(Request("GET", "/", client=claimed)))["client"][0]
        assert client_address(peer, None) == address


def test_a_health_check_has_no_client() -> None:
    scope = scope_of(Gateway("load_balancer_health_check").document)
    assert (scope["path"], scope["client"]) == ("/healthz", ("", 0))


def test_a_gateway_that_names_no_client() -> None:
    event = REST.event(Request("GET", "/"))
    event["requestContext"]["identity"]["sourceIp"] = None
    assert scope_of(event)["client"] == ("", 0)


@pytest.mark.parametrize(
    ("path", "found"), [("/prod", "/"), ("/prod/", "/"), ("/prod/api", "/api"), ("/product", None)]
)
def test_a_stage_is_taken_off_once_and_whole(path: str, found: str | None) -> None:
    event = HTTP.document
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    assert scope_of(event)["path"] == (found or path)


@pytest.mark.parametrize("gateway", [REST, HTTP, HTTP_V1], ids=lambda gateway: gateway.name)
def test_a_stage_may_be_called_as_a_path(gateway: Gateway) -> None:
    event = gateway.document
    event["requestContext"]["stage"] = "api"
    for place, key in (
        (event, "path"),
        (event["requestContext"], "path"),
        (event["requestContext"].get("http", {}), "path"),
    ):
        if key in place:
            place[key] = "/api/api/canvas/main"
    if gateway is REST:
        event["path"] = "/api/canvas/main"
    assert scope_of(event)["path"] == "/api/canvas/main"


@pytest.mark.parametrize(
    ("path", "in_context"),
    [
        ("/canvas/api/canvas/main", "/canvas/api/canvas/main"),
        ("/canvas/prod/api/canvas/main", "/canvas/prod/api/canvas/main"),
        ("/prod/api/canvas/main", "/prod/api/canvas/main"),
    ],
)
def test_a_custom_domain_of_a_rest_api(path: str, in_context: str) -> None:
    """With a base path and a stage, with a base path alone, and with neither."""
    event = REST.document
    event["path"], event["requestContext"]["path"] = path, in_context
    assert scope_of(event, "/canvas")["path"] == "/api/canvas/main"


def test_a_custom_domain_of_an_http_api() -> None:
    event = HTTP.document
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/canvas/api/canvas/main"
    assert scope_of(event, "/canvas")["path"] == "/api/canvas/main"
    assert scope_of(HTTP.event(Request("GET", "/canvases")), "/canvas")["path"] == "/canvases"


@pytest.mark.parametrize("gateway", BALANCERS, ids=lambda gateway: gateway.name)
def test_a_load_balancers_query_is_decoded_once(gateway: Gateway) -> None:
    scope = scope_of(gateway.event(Request("GET", "/", "name=a%26b%2Bc%20d")))
    assert scope["query_string"] == b"name=a%26b%2Bc+d"
