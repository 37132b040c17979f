"""What the socket tier counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from pixels_ws.metrics import SocketMetrics


def test_the_names_that_dashboards_rely_on() -> None:
    registry = CollectorRegistry()
    metrics = SocketMetrics(registry)
    metrics.verdicts.labels("accepted").inc()
    metrics.refused.labels("unauthorized").inc()
    metrics.closed.labels("idle").inc()
    text = generate_latest(registry).decode()
    for line in (
        "pixels_sockets_open 0.0",
        'pixels_sockets_refused_total{reason="unauthorized"} 1.0',
        'pixels_sockets_closed_total{reason="idle"} 1.0',
        'pixels_placements_total{verdict="accepted"} 1.0',
        "pixels_socket_lags_total 0.0",
        "pixels_commit_seconds_count 0.0",
        "pixels_fan_out_seconds_count 0.0",
        "pixels_batch_changes_count 0.0",
        "pixels_degraded_times_total 0.0",
        "pixels_snapshots_total 0.0",
    ):
        assert line in text.splitlines()
