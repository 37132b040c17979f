"""The description of the API: complete, valid, and true to the wire document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.conftest import Client, World
from tests.support.repository import ROOT

Plain = dict[str, Any]


@pytest.fixture
async def schema(client: Client) -> Plain:
    answer = await client.get("/api/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    described: Plain = answer.json()
    return described


def operations(schema: Plain) -> Iterator[tuple[str, str, Plain]]:
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            else:
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


async def test_it_describes_everything_the_wire_document_names(schema: Plain) -> None:
    rows = re.findall(r"^\| `(GET|POST|DELETE) (/[^` ]+)", (ROOT / "docs/wire.md").read_text("utf-8"), re.MULTILINE)
    described = {(method.upper(), path) for path, method, _ in operations(schema)}
    wanted = set(rows) - {("GET", "/api/docs")}
    assert wanted <= described
    assert ("GET", "/api/canvas/{canvas}/canvas.jpg") in described
    assert ("GET", "/readyz") in described


async def test_every_operation_is_explained(schema: Plain) -> None:
    identifiers = []
    for path, method, operation in operations(schema):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"], where
        assert operation["tags"], where
        assert "Returns:" not in operation["description"], where
        identifiers.append(operation["operationId"])
        named = set(re.findall(r"{(\w+)}", path))
        parameters = operation.get("parameters", [])
        assert {one["name"] for one in parameters if one["in"] == "path"} == named, where
        assert all(one["required"] for one in parameters if one["in"] == "path"), where
        assert all(one.get("description") for one in parameters if one["in"] == "query"), where
    assert len(set(identifiers)) == len(identifiers)


async def test_errors_are_described_with_examples(schema: Plain) -> None:
    """[API-4] Every documented error is a problem+json, with an example for each code."""
    seen = 0
    for path, method, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            assert set(answer["content"]) == {"application/problem+json"}, f"{method} {path} {status}"
            examples = answer["content"]["application/problem+json"]["examples"]
            for example in examples.values():
                assert example["value"]["status"] == int(status)
                assert set(example["value"]) == {"type", "title", "status", "detail", "code"}
                seen += 1
    assert seen > 20


async def test_it_is_consistent(schema: Plain) -> None:
    assert re.fullmatch(r"3\.1\.\d+", schema["openapi"])
    assert schema["info"]["title"] == "Pixels"
    known = schema["components"]["schemas"]
    for reference in references(schema):
        assert reference.removeprefix("#/components/schemas/") in known
    assert "retryAfterMs" in known["Problem"]["properties"]
    assert "addressRate" in known["LimitsEntry"]["properties"]


async def test_answers_have_the_described_fields(world: World, client: Client, schema: Plain) -> None:
    await world.host.place(1, 1, 1)
    for path, url in {
        "/api/canvas/{canvas}": "/api/canvas/main",
        "/api/canvas/{canvas}/palette": "/api/canvas/main/palette",
        "/api/canvas/{canvas}/pixel/{x}/{y}": "/api/canvas/main/pixel/1/1",
        "/api/canvas/{canvas}/statistics": "/api/canvas/main/statistics",
        "/healthz": "/healthz",
    }.items():
        content = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        name = content["schema"]["$ref"].rsplit("/", 1)[-1]
        assert set((await client.get(url)).json()) == set(schema["components"]["schemas"][name]["properties"])


async def test_the_frameworks_own_pages_are_gone(client: Client) -> None:
    """[API-4] They would load scripts from elsewhere, and answer errors in HTML."""
    for path in ("/schema", "/schema/openapi.json", "/schema/swagger", "/openapi.json"):
        assert (await client.get(path)).status_code == 404
