"""What the socket tier counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class SocketMetrics:
    """The socket tier's metrics, registered once per process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.connections = Gauge("pixels_sockets_open", "Open sockets.", registry=registry)
        self.refused = Counter(
            "pixels_sockets_refused", "Handshakes refused, by reason.", ["reason"], registry=registry
        )
        self.closed = Counter(
            "pixels_sockets_closed", "Sockets closed by the server, by reason.", ["reason"], registry=registry
        )
        self.verdicts = Counter(
            "pixels_placements", "Placements answered: accepted, or the reason.", ["verdict"], registry=registry
        )
        self.lags = Counter(
            "pixels_socket_lags",
            "Stream frames that a busy socket was spared and got merged later.",
            registry=registry,
        )
        self.commit_seconds = Histogram(
            "pixels_commit_seconds", "Time to make a batch durable.", buckets=_SECONDS, registry=registry
        )
        self.fan_out_seconds = Histogram(
            "pixels_fan_out_seconds",
            "Time to start sending a batch to all sockets.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.batch_changes = Histogram(
            "pixels_batch_changes", "Changes in a batch.", buckets=(1, 5, 10, 50, 100, 500, 2000), registry=registry
        )
        self.degraded_times = Counter(
            "pixels_degraded_times", "How often the log could not be written.", registry=registry
        )
        self.snapshots = Counter("pixels_snapshots", "Snapshots saved.", registry=registry)
