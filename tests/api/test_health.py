"""Liveness, readiness and the metrics page."""

from __future__ import annotations

from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Mode
from tests.api.conftest import Client, World, assert_problem


async def test_alive_and_ready(client: Client) -> None:
    for url in ("/healthz", "/readyz"):
        answer = await client.get(url)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"


async def test_degraded_is_alive_but_not_ready(world: World, client: Client) -> None:
    """[API-4] The problem names the canvas; by itself the server becomes ready again."""
    world.host.mode = Mode.DEGRADED
    body = assert_problem(await client.get("/readyz"), 503, ReasonCode.UNAVAILABLE)
    assert body["detail"] == "Not ready: canvas main is degraded: changes cannot be saved."
    assert (await client.get("/healthz")).status_code == 200
    world.host.mode = Mode.LIVE
    assert (await client.get("/readyz")).status_code == 200


async def test_metrics_can_be_read(world: World, client: Client) -> None:
    Counter("pixels_other_part", "Registered by another part.", registry=world.dependencies.metrics).inc(3)
    await world.host.place(1, 1, 1)
    answer = await client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers.get_list("Content-Type") == [answer.headers["Content-Type"]]
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["pixels_canvas_seq"].samples[0].value == 1
    assert families["pixels_canvas_seq"].samples[0].labels == {"canvas": "main"}
    assert families["pixels_other_part"].samples[0].value == 3
