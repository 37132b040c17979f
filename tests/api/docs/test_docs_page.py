"""The API as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pixels_api.docs.docs_page import render_docs
from tests.api.conftest import Client

VOID = {"meta", "link", "br"}


class Checker(HTMLParser):
    """Collects what a page loads, its ids and its links, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found["href"] or "")
        elif "src" in found or "href" in found:
            self.loads.append(found.get("src") or found.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page(client: Client) -> None:
    answer = await client.get("/api/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Checker()
    page.feed(answer.text)
    assert page.open == []
    assert page.loads == ["data:,"], "nothing comes from elsewhere"
    assert "script" not in re.findall(r"<(\w+)", answer.text)
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "/api/openapi.json" in page.links


async def test_every_operation_is_on_it(client: Client) -> None:
    page = (await client.get("/api/docs")).text
    described = (await client.get("/api/openapi.json")).json()
    for path, item in described["paths"].items():
        assert path in page
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "<code>unknown_canvas</code>" in page
    assert "retryAfterMs" in page


def test_texts_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    schema = {
        "openapi": "3.1.0",
        "info": {"title": evil, "version": "1", "description": evil},
        "tags": [{"name": evil, "description": evil}],
        "paths": {
            f"/{evil}": {
                "get": {
                    "operationId": evil,
                    "summary": evil,
                    "description": evil,
                    "tags": [evil],
                    "parameters": [
                        {"name": evil, "in": evil, "description": evil, "schema": {"type": evil, "default": evil}}
                    ],
                    "requestBody": {"content": {evil: {"schema": {"enum": [evil]}}}},
                    "responses": {evil: {"description": evil, "content": {evil: {"examples": {evil: {}}}}}},
                }
            }
        },
        "components": {
            "schemas": {
                evil: {"description": evil, "properties": {evil: {"$ref": evil}}},
                "list": {"type": "array", "items": {"oneOf": [{"type": ["null", evil]}]}},
            }
        },
    }
    assert "<script" not in render_docs(schema)
