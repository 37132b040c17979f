"""AWS's gateways as a Lambda function sees them: what each makes of a request, and of the function's answer.

The documents in `events/` have the shapes that AWS documents, whole; `Gateway.event` puts a request into one of them
in every place where the real gateway would.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus

FOLDER = Path(__file__).parent / "events"
CLIENT = "203.0.113.7"
"""The client's address in the documents."""

Event = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What a client sends; several headers of one name are several pairs."""

    method: str
    path: str
    query: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    body: bytes = b""
    client: str = CLIENT


@dataclass(frozen=True)
class Answer:
    """What the gateway gives the client."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes
    was_base64: bool


@dataclass(frozen=True)
class Gateway:
    """One kind of gateway, by the name of its document."""

    name: str

    @property
    def document(self) -> Event:
        """The document as it is."""
        found: Event = json.loads((FOLDER / f"{self.name}.json").read_text("utf-8"))
        return found

    def event(self, request: Request) -> Event:
        """Return the event for a request."""
        event = self.document
        fill = _fill_balancer if "elb" in event["requestContext"] else _fill_gateway
        if event.get("version") == "2.0":
            _fill_version_2(event, request)
        else:
            fill(event, request)
        if request.body:
            event["body"], event["isBase64Encoded"] = base64.b64encode(request.body).decode(), True
        return event

    def answer(self, result: dict[str, Any]) -> Answer:
        """Return what the client gets, by this gateway's rules; it never gets what those do not allow."""
        assert isinstance(result["statusCode"], int)
        assert isinstance(result["isBase64Encoded"], bool)
        assert isinstance(result["body"], str)
        json.dumps(result)  # Lambda sends it so
        headers, cookies = self._headers(result)
        text = result["body"]
        body = base64.b64decode(text, validate=True) if result["isBase64Encoded"] else text.encode()
        return Answer(result["statusCode"], headers, cookies, body, result["isBase64Encoded"])

    def _headers(self, result: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
        single, multi = result.get("headers") or {}, result.get("multiValueHeaders") or {}
        if self.name == "load_balancer":
            assert not multi, "a load balancer without multi-value headers does not look at them"
        if self.name == "load_balancer_multi_value":
            assert not single, "a load balancer with multi-value headers looks at nothing else"
        pairs = [*single.items(), *((name, value) for name, values in multi.items() for value in values)]
        assert all(isinstance(value, str) for _, value in pairs)
        cookies = [value for name, value in pairs if name.lower() == "set-cookie"]
        others = {name.lower(): value for name, value in pairs if name.lower() != "set-cookie"}
        return others, [*cookies, *result.get("cookies", [])]


def _fill_version_2(event: Event, request: Request) -> None:
    stage = event["requestContext"]["stage"]
    path = request.path if stage == "$default" else f"/{stage}{request.path}"
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = request.method
    event["requestContext"]["http"]["sourceIp"] = request.client
    event["rawQueryString"] = request.query
    if request.query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in parse_qs(request.query).items()}
    if request.cookies:
        event["cookies"] = request.cookies
    for name, value in _sent(request):
        before = event["headers"].get(name.lower()) if name.lower() != "x-forwarded-for" else None
        event["headers"][name.lower()] = f"{before},{value}" if before and name.lower() not in _ONCE else value


def _fill_gateway(event: Event, request: Request) -> None:
    context = event["requestContext"]
    event["httpMethod"] = context["httpMethod"] = request.method
    context["path"] = f"/{context['stage']}{request.path}"
    event["path"] = context["path"] if "version" in event else request.path
    context["identity"]["sourceIp"] = request.client
    parsed = parse_qs(request.query)
    event["queryStringParameters"] = {name: values[-1] for name, values in parsed.items()} or None
    event["multiValueQueryStringParameters"] = parsed or None
    _fill_multi_value(
        event["multiValueHeaders"], [*_sent(request), *(("Cookie", cookie) for cookie in request.cookies)]
    )
    event["headers"] = {name: values[-1] for name, values in event["multiValueHeaders"].items()}


def _fill_balancer(event: Event, request: Request) -> None:
    event["httpMethod"], event["path"] = request.method, request.path
    # A load balancer does not decode the query.
    parsed = {name: [quote_plus(value) for value in values] for name, values in parse_qs(request.query).items()}
    sent = [*_sent(request), *(("cookie", cookie) for cookie in request.cookies)]
    if "multiValueHeaders" in event:
        event["multiValueQueryStringParameters"] = parsed
        _fill_multi_value(event["multiValueHeaders"], [(name.lower(), value) for name, value in sent])
        return
    event["queryStringParameters"] = {name: values[-1] for name, values in parsed.items()}
    event["headers"].update({name.lower(): value for name, value in sent if name.lower() != "cookie"})
    if request.cookies:
        event["headers"]["cookie"] = "; ".join(request.cookies)


_ONCE = {"host", "accept", "user-agent", "content-length", "x-forwarded-proto"}


def _sent(request: Request) -> list[tuple[str, str]]:
    """Return the headers as they leave the gateway: with the client's address at the end of X-Forwarded-For."""
    claimed = [value for name, value in request.headers if name.lower() == "x-forwarded-for"]
    others = [pair for pair in request.headers if pair[0].lower() != "x-forwarded-for"]
    return [*others, ("X-Forwarded-For", ", ".join([*claimed, request.client]))]


def _fill_multi_value(headers: dict[str, list[str]], sent: list[tuple[str, str]]) -> None:
    named = {name.lower(): name for name in headers}
    fresh: set[str] = set()
    for name, value in sent:
        key = named.setdefault(name.lower(), name)
        if key not in fresh:
            headers[key] = []
            fresh.add(key)
        headers[key].append(value)


GATEWAYS = [
    Gateway(name)
    for name in (
        "rest_api",
        "http_api",
        "http_api_v1",
        "function_url",
        "load_balancer",
        "load_balancer_multi_value",
    )
]
