"""What is measured."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from pixels_api.metrics import CanvasMetrics, RequestMetrics
from pixels_core.adapters.hosting.clock import ManualClock
from pixels_core.protocol.messages import Mode
from tests.api.conftest import Client, World
from tests.support.hosts import EngineHost


def test_requests() -> None:
    registry = CollectorRegistry()
    metrics = RequestMetrics(registry)
    metrics.observe("/a", "GET", 200, 0.004)
    metrics.observe("/a", "GET", 200, 0.3)
    metrics.observe(None, "BREW", 405, 0.001)
    value = registry.get_sample_value
    assert value("pixels_http_requests_total", {"route": "/a", "method": "GET", "status": "200"}) == 2
    assert value("pixels_http_requests_total", {"route": "none", "method": "other", "status": "405"}) == 1
    assert value("pixels_http_request_seconds_bucket", {"route": "/a", "method": "GET", "le": "0.005"}) == 1
    assert value("pixels_http_request_seconds_count", {"route": "/a", "method": "GET"}) == 2


async def test_canvases_are_read_when_asked() -> None:
    registry, host = CollectorRegistry(), EngineHost(ManualClock(0))
    registry.register(CanvasMetrics({"main": host}))
    await host.place(1, 1, 1)
    host.online, host.mode = 12, Mode.DEGRADED
    found = [registry.get_sample_value(f"pixels_canvas_{name}", {"canvas": "main"}) for name in ("seq", "online")]
    assert found == [1, 12]
    assert registry.get_sample_value("pixels_canvas_degraded", {"canvas": "main"}) == 1
    host.mode = Mode.LIVE
    assert registry.get_sample_value("pixels_canvas_degraded", {"canvas": "main"}) == 0


async def test_labels_are_routes_and_not_addresses(world: World, client: Client) -> None:
    """Whatever clients ask for, the number of time series stays small."""
    for number in range(20):
        await client.get(f"/api/canvas/main/pixel/{number}/0")
        await client.get(f"/api/canvas/{number}")
        await client.get(f"/nothing/{number}")
        await client.request(f"BREW{number}", "/healthz")
    series = {
        tuple(sample.labels.values())
        for family in world.dependencies.metrics.collect()
        for sample in family.samples
        if sample.name == "pixels_http_requests_total"
    }
    assert series == {
        ("/api/canvas/{canvas}/pixel/{x}/{y}", "GET", "200"),
        ("/api/canvas/{canvas}", "GET", "404"),
        ("none", "GET", "404"),
        ("none", "other", "405"),
    }
