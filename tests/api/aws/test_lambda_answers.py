"""What a Lambda function gives back, bit by bit; test_lambda_handler.py shows the whole."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pixels_api.aws.lambda_answers import (
    MOST_BYTES,
    MOST_BYTES_BALANCED,
    LambdaResponse,
    binary_where_encoded,
    fits,
    plain,
    saying,
)
from pixels_core.errors import REASONS, ReasonCode
from tests.program.lambda_events import GATEWAYS, Gateway

every_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=lambda gateway: gateway.name)


def an_answer(body: str, **headers: str) -> LambdaResponse:
    return {"statusCode": 200, "headers": headers, "body": body, "isBase64Encoded": False}


@every_gateway
def test_how_much_goes_back(gateway: Gateway) -> None:
    """Lambda's six megabytes, or the one of a load balancer."""
    most = MOST_BYTES_BALANCED if "load_balancer" in gateway.name else MOST_BYTES
    assert fits(an_answer("a" * most), gateway.document)
    assert not fits(an_answer("a" * (most + 1)), gateway.document)


@pytest.mark.parametrize("where", ["headers", "multiValueHeaders"])
def test_an_encoded_body_is_never_taken_for_text(where: str) -> None:
    """[DIST-15] Compressed bytes may happen to be UTF-8; with a text's media type Mangum would leave them."""
    text = "\x0b\x02\u00e9"
    answer = {"statusCode": 200, where: {"content-encoding": "br"}, "body": text, "isBase64Encoded": False}
    found = binary_where_encoded(answer)
    assert found["isBase64Encoded"]
    assert base64.b64decode(found["body"]) == text.encode()
    assert binary_where_encoded(found) == found, "once is enough"


def test_other_bodies_stay_as_they_are() -> None:
    for answer in (
        an_answer("text"),
        an_answer("", **{"content-encoding": "br"}),
        {**an_answer("a"), "headers": None},
    ):
        assert binary_where_encoded(answer) == answer


def test_a_plain_problem() -> None:
    """[API-4] Every gateway can read it."""
    answer = plain(ReasonCode.MALFORMED)
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (400, False)
    assert json.loads(answer["body"])["code"] == "malformed"


@pytest.mark.parametrize("sentence", [None, "Ask for less."])
async def test_an_application_that_says_one_thing(sentence: str | None) -> None:
    """[API-4] To whoever asks, and more than once."""
    application = saying(ReasonCode.TOO_LARGE, sentence)
    for _ in range(2):
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any], to: list[dict[str, Any]] = sent) -> None:
            to.append(message)

        await application({}, None, send)
        start, body = sent
        assert start["status"] == 413
        assert dict(start["headers"])[b"content-type"] == b"application/problem+json"
        assert dict(start["headers"])[b"cache-control"] == b"no-store"
        assert json.loads(body["body"])["detail"] == (sentence or REASONS[ReasonCode.TOO_LARGE])
