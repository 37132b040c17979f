"""What this tier measures: its requests, and the canvases at the moment somebody looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from pixels_core.ports import CanvasHost
from pixels_core.protocol.messages import Mode

_METHODS = {"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class RequestMetrics:
    """Counts and times the requests of one application; registers itself."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "pixels_http_requests_total",
            "HTTP requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "pixels_http_request_seconds",
            "Time from the request to the end of its answer.",
            ("route", "method"),
            buckets=_BUCKETS,
            registry=registry,
        )

    def observe(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """Count an answer; labels have few values, whatever clients send."""
        route = route or "none"
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)


class CanvasMetrics(Collector):
    """Reads the canvases whenever the metrics are fetched."""

    def __init__(self, hosts: Mapping[str, CanvasHost]) -> None:
        self._hosts = hosts

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield the gauges."""
        seq = GaugeMetricFamily("pixels_canvas_seq", "Number of the newest change.", labels=["canvas"])
        online = GaugeMetricFamily("pixels_canvas_online", "Open sockets.", labels=["canvas"])
        degraded = GaugeMetricFamily(
            "pixels_canvas_degraded", "1 while changes cannot be saved, else 0.", labels=["canvas"]
        )
        for name, host in self._hosts.items():
            seq.add_metric([name], host.state.seq)
            online.add_metric([name], host.online)
            degraded.add_metric([name], host.mode is Mode.DEGRADED)
        yield from (seq, online, degraded)
