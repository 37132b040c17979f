"""The bitmap over HTTP."""

from __future__ import annotations

import pytest

from pixels_core.canvas.canvas import checksum_of
from pixels_core.errors import ReasonCode
from tests.api.conftest import Client, World, assert_problem
from tests.support.hosts import EngineHost

URL = "/api/canvas/main/bitmap"
ENCODINGS = ["br", "gzip", "identity"]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_bytes_and_headers_belong_together(world: World, client: Client, encoding: str) -> None:
    """[API-1] The headers name the seq and the checksum of exactly the bytes that come with them."""
    for step in range(5):
        await world.host.place(step, 2, 5 + step)
        answer = await client.get(URL, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert answer.content == bytes(world.host.state.canvas)
        assert int(answer.headers["Pixels-Seq"]) == step + 1
        assert int(answer.headers["Pixels-Checksum"]) == checksum_of(answer.content)
        assert answer.headers["Pixels-Epoch"] == "e1"
        assert (answer.headers["Pixels-Width"], answer.headers["Pixels-Height"]) == ("20", "10")
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_tag_stands_for_one_representation(world: World, client: Client, encoding: str) -> None:
    """[API-2] The same canvas has the same tag and answers 304; a change makes another tag."""
    await world.host.place(1, 1, 9)
    first = await client.get(URL, headers={"Accept-Encoding": encoding})
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    for wish in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await client.get(URL, headers={"Accept-Encoding": encoding, "If-None-Match": wish})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == "Accept-Encoding"
        assert again.headers["Pixels-Seq"] == first.headers["Pixels-Seq"]
    await world.host.place(1, 1, 10)
    changed = await client.get(URL, headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


async def test_each_encoding_has_its_own_tag(client: Client) -> None:
    """[API-2] A strong tag of one encoding never matches another."""
    tags = {
        encoding: (await client.get(URL, headers={"Accept-Encoding": encoding})).headers["ETag"]
        for encoding in ENCODINGS
    }
    assert len(set(tags.values())) == 3
    answer = await client.get(URL, headers={"Accept-Encoding": "gzip", "If-None-Match": tags["br"]})
    assert answer.status_code == 200


async def test_another_log_has_other_tags(world: World, client: Client) -> None:
    """[API-2] The epoch is part of the tag: seqs of another log mean nothing."""
    here = (await client.get(URL)).headers["ETag"]
    world.host.engine = EngineHost(world.clock, epoch="e2").engine
    there = await client.get(URL)
    assert there.headers["ETag"] != here
    assert there.headers["Pixels-Epoch"] == "e2"


async def test_head_says_what_get_says(world: World, client: Client) -> None:
    await world.host.place(0, 0, 3)
    wish = {"Accept-Encoding": "identity"}
    head, get = await client.head(URL, headers=wish), await client.get(URL, headers=wish)
    assert head.status_code == 200
    assert head.content == b""
    assert dict(head.headers) == dict(get.headers)
    assert head.headers["Content-Length"] == "200"


async def test_unknown_canvas(client: Client) -> None:
    """[API-4] There is no such canvas: the problem says so."""
    assert_problem(await client.get("/api/canvas/other/bitmap"), 404, ReasonCode.UNKNOWN_CANVAS)
