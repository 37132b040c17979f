"""The composition: what is there, and that two applications do not get in each other's way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from litestar.testing import AsyncTestClient
from prometheus_client import CollectorRegistry

from pixels_api import ApiSettings, Dependencies, create_app
from pixels_api.app import MAX_BODY_BYTES, ROUTES
from pixels_core.canvas.geometry import Size
from tests.api.conftest import Client, IsolatedSettings, World
from tests.support.hosts import EngineHost


async def test_two_applications_in_one_process(world: World) -> None:
    first = create_app(world.dependencies, IsolatedSettings())
    second = create_app(replace(world.dependencies, metrics=CollectorRegistry()), IsolatedSettings())
    async with AsyncTestClient(app=first) as one, AsyncTestClient(app=second) as other:
        assert (await one.get("/healthz")).status_code == (await other.get("/healthz")).status_code == 200


async def test_a_token_of_one_node_is_good_at_another(world: World) -> None:
    """[SES-1] The API keeps no session: whoever has the secret knows the user."""
    first = create_app(world.dependencies, IsolatedSettings())
    second = create_app(replace(world.dependencies, metrics=CollectorRegistry()), IsolatedSettings())
    async with AsyncTestClient(app=first) as one, AsyncTestClient(app=second) as other:
        made = (await one.post("/api/session")).json()
        found = await other.get("/api/session", headers={"Authorization": f"Bearer {made['token']}"})
    assert found.json()["user"] == made["user"]


async def test_several_canvases(world: World) -> None:
    other = EngineHost(world.clock, Size(3, 3), name="event", epoch="e9")
    dependencies = Dependencies(
        hosts={"main": world.host, "event": other},
        records={"main": world.host.store, "event": other.store},
        users=world.host.store,
        signer=world.signer,
        clock=world.clock,
    )
    async with AsyncTestClient(app=create_app(dependencies, IsolatedSettings())) as client:
        await other.place(1, 1, 4)
        assert (await client.get("/api/canvas/event/bitmap")).content == bytes([0, 0, 0, 0, 4, 0, 0, 0, 0])
        assert (await client.get("/api/canvas/main/bitmap")).content == bytes(200)
        assert 'pixels_canvas_seq{canvas="event"} 1.0' in (await client.get("/metrics")).text


async def test_many_at_once(world: World) -> None:
    """[API-1] Under changes every answer is consistent with itself."""
    async with world.from_address("192.0.2.1") as client:

        async def draw() -> None:
            for number in range(200):
                await world.host.place(number % 20, number % 10, number % 248)
                await asyncio.sleep(0)

        async def look(encoding: str) -> None:
            state = world.host.state
            before = state.seq
            answer = await client.get("/api/canvas/main/bitmap", headers={"Accept-Encoding": encoding})
            seq, checksum = int(answer.headers["Pixels-Seq"]), int(answer.headers["Pixels-Checksum"])
            assert before <= seq <= state.seq
            replica = EngineHost(world.clock)
            for number in range(seq):
                await replica.place(number % 20, number % 10, number % 248)
            assert answer.content == bytes(replica.state.canvas)
            assert checksum == replica.state.canvas.checksum
            assert answer.headers["ETag"].startswith(f'"e1-{seq}-{checksum:08x}')

        await asyncio.gather(draw(), *(look(encoding) for encoding in ("br", "gzip", "identity") for _ in range(20)))


def test_the_limits_are_what_the_documents_say() -> None:
    assert MAX_BODY_BYTES == 65_536
    assert len(ROUTES) == 15
    assert ApiSettings.model_fields["max_export_scale"].default == 16


async def test_a_wrong_host_header_is_a_problem_too(client: Client) -> None:
    answer = await client.get("/healthz", headers={"Host": "bad host"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"
