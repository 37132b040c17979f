from __future__ import annotations

from pathlib import Path

from pixels.cluster.cluster import Cluster, answers
from pixels.cluster.program import free_port


def test_settings_reach_every_program_and_win(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, nodes=3, settings={"user_rate": "7", "host": "127.0.0.2"})
    assert [program.name for program in cluster.nodes] == ["node0", "node1", "node2"]
    for program in [*cluster.nodes, cluster.api]:
        assert program._environment["PIXELS_USER_RATE"] == "7"
        assert program._environment["PIXELS_HOST"] == "127.0.0.2"
        assert program._environment["PIXELS_LOG"] == "dynamodb"
    cluster.dynamo.remove()


def test_nobody_answers_yet() -> None:
    assert not answers(free_port(), "/healthz")()
