"""For those who run the server: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Mode

from .dependencies import Dependencies
from .http.errors import problem, problems
from .schemas import Health


@get("/healthz", summary="Is the process alive?", tags=["Operation"])
async def show_health() -> Health:
    """Return 200 as long as the process answers; restart it when it does not."""
    return Health()


@get("/readyz", summary="Can it serve?", tags=["Operation"], responses=problems(ReasonCode.UNAVAILABLE))
async def show_readiness(dependencies: NamedDependency[Dependencies]) -> Response[Any]:
    """Return 200 when every canvas can be watched and drawn on, else 503 and which cannot."""
    for host in dependencies.hosts.values():
        await host.refresh()
    degraded = sorted(name for name, host in dependencies.hosts.items() if host.mode is Mode.DEGRADED)
    if not degraded:
        return Response(Health())
    reasons = "; ".join(f"canvas {name} is degraded: changes cannot be saved" for name in degraded)
    return problem(ReasonCode.UNAVAILABLE, f"Not ready: {reasons}.")


@get("/metrics", summary="Metrics", tags=["Operation"], media_type="text/plain")
async def show_metrics(dependencies: NamedDependency[Dependencies]) -> Response[bytes]:
    """Return everything that is measured, in Prometheus' text format."""
    return Response(generate_latest(dependencies.metrics), headers={"Content-Type": CONTENT_TYPE_LATEST})
